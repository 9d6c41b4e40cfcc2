import { typeClassOf, valuesEqual } from '../bson-order/compare.js';
import { isNumeric, MaxKey, MinKey, Regex, typeName, type Value } from '../bson/values.js';
import type { Index } from '../catalog/index-definition.js';
import { satisfies } from '../evaluate/filter-parser.js';
import type { Comparison, Predicate } from '../evaluate/predicate.js';

/** Predicates that must all hold. */
export function conjuncts(predicate: Predicate): readonly Predicate[] {
  return predicate.kind === 'and' ? predicate.children.flatMap(conjuncts) : [predicate];
}

/** Whether a match of the predicate proves that its field is there. */
function impliesExistence(predicate: Predicate, field: string): boolean {
  switch (predicate.kind) {
    case 'compare':
      // MinKey and MaxKey compare with every type, null among them.
      return (
        predicate.field === field &&
        predicate.value !== null &&
        (predicate.op === 'eq' || typeClassOf(predicate.value) > 0x10)
      );
    case 'in':
      return predicate.field === field && !predicate.values.includes(null);
    case 'regex':
      return predicate.field === field;
    case 'leaf':
      return predicate.field === field && predicate.impliesExistence;
    case 'and':
    case 'or':
    case 'nor':
    case 'not':
    case 'expr':
    case 'constant':
      return false;
  }
}

/** Whether a match of the predicate proves that its field holds one of the types. */
function impliesType(predicate: Predicate, field: string, types: ReadonlySet<string>): boolean {
  if (predicate.kind === 'compare') {
    return predicate.field === field && impliesTypeOf(predicate.value, types);
  }
  return (
    predicate.kind === 'in' &&
    predicate.field === field &&
    predicate.patterns.length === 0 &&
    predicate.values.every((value) => impliesTypeOf(value, types))
  );
}

/** What compares with a value has its type, but that numbers compare with all numeric types. */
function impliesTypeOf(value: Value, types: ReadonlySet<string>): boolean {
  if (value === null || Array.isArray(value) || value instanceof Regex) return false;
  if (value instanceof MinKey || value instanceof MaxKey) return false;
  return isNumeric(value) ? types.has('number') : types.has(typeName(value));
}

function impliesComparison(given: readonly Predicate[], wanted: Comparison): boolean {
  return given.some((predicate) => {
    if (predicate.kind === 'in') {
      return (
        predicate.field === wanted.field &&
        predicate.patterns.length === 0 &&
        predicate.values.every((value) => satisfies(value, wanted.op, wanted.value))
      );
    }
    if (predicate.kind !== 'compare' || predicate.field !== wanted.field) return false;
    if (predicate.op === wanted.op && valuesEqual(predicate.value, wanted.value)) return true;
    if (predicate.op === 'eq') return satisfies(predicate.value, wanted.op, wanted.value);
    const upward = predicate.op === 'gt' || predicate.op === 'gte';
    const wantsUpward = wanted.op === 'gt' || wanted.op === 'gte';
    // A stronger bound in the same direction: a > 5 implies a > 3 and a >= 5.
    if (wanted.op === 'eq' || upward !== wantsUpward) return false;
    const strict = upward ? 'gt' : 'lt';
    return (
      satisfies(predicate.value, strict, wanted.value) ||
      (valuesEqual(predicate.value, wanted.value) && wanted.op === (upward ? 'gte' : 'lte'))
    );
  });
}

function implies(given: readonly Predicate[], wanted: Predicate): boolean {
  switch (wanted.kind) {
    case 'and':
      return wanted.children.every((child) => implies(given, child));
    case 'compare':
      return impliesComparison(given, wanted);
    case 'leaf': {
      // Of the leaf tests, `$exists: true` and `$type` are provable from other predicates.
      const { types, field } = wanted;
      if (types) return given.some((predicate) => impliesType(predicate, field, types));
      return !wanted.expandLeaf && given.some((predicate) => impliesExistence(predicate, field));
    }
    case 'or':
      return wanted.children.some((child) => implies(given, child));
    case 'in':
      return wanted.values.some((value) =>
        impliesComparison(given, { ...wanted, kind: 'compare', op: 'eq', value }),
      );
    case 'nor':
    case 'not':
    case 'regex':
    case 'expr':
    case 'constant':
      return false;
  }
}

/** Whether every document that satisfies the predicates is in the (partial, sparse) index. */
export function indexHoldsAll(index: Index, given: readonly Predicate[]): boolean {
  if (index.partialFilter && !implies(given, index.partialFilter)) return false;
  if (!index.sparse) return true;
  return index.fields.some(({ field }) =>
    given.some((predicate) => impliesExistence(predicate, field)),
  );
}
