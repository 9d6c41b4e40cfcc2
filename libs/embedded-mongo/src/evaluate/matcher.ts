import { compareValues, TypeClass, typeClassOf } from '../bson-order/compare.js';
import { toDouble } from '../bson-order/numbers.js';
import { Doc, isNumeric, Regex, type Value } from '../bson/values.js';
import { evaluateExpression, isTrue } from './expression.js';
import { anyAtPath } from './paths.js';
import type { Comparison, Membership, Predicate } from './predicate.js';
import { compileRegex } from './regex.js';

/** Whether a document (or, inside `$elemMatch`, an array element) satisfies a parsed filter. */
export function matches(predicate: Predicate, value: Value): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.children.every((child) => matches(child, value));
    case 'or':
      return predicate.children.some((child) => matches(child, value));
    case 'nor':
      return !predicate.children.some((child) => matches(child, value));
    case 'not':
      return !matches(predicate.child, value);
    case 'constant':
      return predicate.matches;
    case 'expr':
      return isTrue(
        evaluateExpression(predicate.expression, value instanceof Doc ? value : new Doc()),
      );
    case 'compare':
      return anyAtPath(value, predicate.path, true, (leaf) => comparisonHolds(predicate, leaf));
    case 'in':
      return anyAtPath(value, predicate.path, true, (leaf) => isMember(predicate, leaf));
    case 'regex':
      return anyAtPath(value, predicate.path, true, (leaf) =>
        regexHolds(predicate.pattern, leaf ?? null),
      );
    case 'leaf':
      return anyAtPath(value, predicate.path, predicate.expandLeaf, predicate.test);
  }
}

function regexHolds(pattern: Regex, leaf: Value): boolean {
  if (typeof leaf === 'string') return compileRegex(pattern).test(leaf);
  return leaf instanceof Regex && compareValues(leaf, pattern) === 0;
}

interface Lookup {
  readonly texts: ReadonlySet<string>;
  readonly others: readonly Value[];
}

/** `$in` with a thousand texts is tested for every element of an array, so texts are looked up. */
const lookups = new WeakMap<Membership, Lookup>();

function lookupOf(membership: Membership): Lookup {
  let lookup = lookups.get(membership);
  if (!lookup) {
    const texts = membership.values.filter((value) => typeof value === 'string');
    const others = membership.values.filter((value) => typeof value !== 'string');
    lookup = { texts: new Set(texts), others };
    lookups.set(membership, lookup);
  }
  return lookup;
}

function isMember(membership: Membership, leaf: Value | undefined): boolean {
  const value = leaf ?? null;
  const { texts, others } = lookupOf(membership);
  if (typeof value === 'string' && texts.has(value)) return true;
  return (
    others.some((candidate) => compareValues(candidate, value) === 0) ||
    membership.patterns.some((pattern) => regexHolds(pattern, value))
  );
}

function isNaNValue(value: Value): boolean {
  return isNumeric(value) && Number.isNaN(toDouble(value));
}

function comparisonHolds({ op, value: bound }: Comparison, leaf: Value | undefined): boolean {
  const value = leaf ?? null;
  const boundClass = typeClassOf(bound);
  if (op === 'eq') return compareValues(value, bound) === 0;
  // A comparison holds within one type only; MinKey and MaxKey are the two ends of all types.
  if (boundClass !== TypeClass.minKey && boundClass !== TypeClass.maxKey) {
    if (typeClassOf(value) !== boundClass) return false;
    if (isNaNValue(bound) || isNaNValue(value)) {
      return (op === 'gte' || op === 'lte') && isNaNValue(bound) && isNaNValue(value);
    }
  } else if (leaf === undefined) return false;
  const difference = compareValues(value, bound);
  switch (op) {
    case 'gt':
      return difference > 0;
    case 'gte':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'lte':
      return difference <= 0;
  }
}
