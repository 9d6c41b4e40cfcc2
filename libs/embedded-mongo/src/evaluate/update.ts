import { compareStrings, valuesEqual } from '../bson-order/compare.js';
import { CommandError, notImplemented } from '../errors.js';
import { identical } from '../bson/identical.js';
import { Doc, typeName, type Value } from '../bson/values.js';
import { formatValue } from '../bson/format.js';
import { parseFilter } from './filter-parser.js';
import { matches } from './matcher.js';
import { arrayIndex, valueAt, type Path } from './paths.js';
import { conjuncts } from '../planner/implication.js';
import type { Predicate } from './predicate.js';
import { modifierFor, type Modify } from './update-operators.js';

interface Modification {
  readonly path: Path;
  readonly field: string;
  readonly modify: Modify;
  readonly onInsertOnly: boolean;
  /** Operators that have nothing to do where the field is missing must not create its parents. */
  readonly needsField: boolean;
  /** For `$rename`: where the value comes from. */
  readonly renamedFrom?: Path;
}

/** A parsed update: operators, or a whole new document. */
export type Update =
  | { readonly kind: 'replacement'; readonly document: Doc }
  | {
      readonly kind: 'operators';
      readonly modifications: readonly Modification[];
      readonly arrayFilters: ReadonlyMap<string, Predicate>;
    };

export interface UpdateTarget {
  readonly document: Doc;
  /** The query, for the positional `$`. */
  readonly query: Predicate;
  readonly inserting: boolean;
  readonly now: Date;
}

function parse(message: string): CommandError {
  return new CommandError('FailedToParse', message);
}

/**
 * Parses the update part of an update or findAndModify.
 * @throws CommandError FailedToParse, ConflictingUpdateOperators, NotImplemented (pipelines), …
 */
export function parseUpdate(update: Value, arrayFilters: readonly Value[] = []): Update {
  if (Array.isArray(update)) throw notImplemented('An update with an aggregation pipeline');
  if (!(update instanceof Doc)) throw parse('Update argument must be either an object or an array');
  const [first] = update.keys();
  if (!first?.startsWith('$')) {
    for (const key of update.keys()) {
      if (key.startsWith('$')) {
        throw new CommandError(
          'DollarPrefixedFieldName',
          `The dollar ($) prefixed field '${key}' in '${key}' is not allowed in the context of an update's replacement document.`,
        );
      }
    }
    if (arrayFilters.length > 0) throw parse('Cannot specify arrayFilters and a replacement');
    return { kind: 'replacement', document: update };
  }
  const modifications: Modification[] = [];
  for (const [operator, argument] of update) addOperator(modifications, operator, argument);
  modifications.sort((a, b) => comparePaths(a.path, b.path));
  checkConflicts(modifications);
  const filters = parseArrayFilters(arrayFilters);
  checkFilterNames(modifications, filters);
  return { kind: 'operators', modifications, arrayFilters: filters };
}

function addOperator(into: Modification[], operator: string, argument: Value): void {
  if (!operator.startsWith('$')) {
    throw parse(
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!(argument instanceof Doc)) {
    throw parse(
      `Modifiers operate on fields but we found type ${typeName(argument)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${formatValue(argument)}}`,
    );
  }
  for (const [field, operand] of argument) {
    const path = updatePath(field);
    if (operator === '$rename') {
      into.push(...renaming(field, path, operand));
      continue;
    }
    into.push({
      path,
      field,
      modify: modifierFor(operator, field, operand),
      onInsertOnly: operator === '$setOnInsert',
      needsField: ['$unset', '$pop', '$pull', '$pullAll'].includes(operator),
    });
  }
}

function updatePath(field: string): Path {
  const path = field.split('.');
  if (path.some((part) => part === '')) {
    throw new CommandError(
      'EmptyFieldName',
      `The update path '${field}' contains an empty field name, which is not allowed.`,
    );
  }
  for (const part of path) {
    if (part.startsWith('$') && part !== '$' && !/^\$\[[a-z][a-zA-Z0-9]*\]$|^\$\[\]$/.test(part)) {
      throw new CommandError(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${part}' in '${field}' is not allowed in the context of an update.`,
      );
    }
  }
  return path;
}

function renaming(field: string, path: Path, operand: Value): Modification[] {
  if (typeof operand !== 'string') {
    throw new CommandError('BadValue', `The 'to' field for $rename must be a string: ${field}`);
  }
  const target = updatePath(operand);
  if (operand === field) {
    throw new CommandError(
      'BadValue',
      `The source and target field for $rename must differ: ${field}`,
    );
  }
  if ([...path, ...target].some((part) => part.startsWith('$'))) {
    throw new CommandError(
      'BadValue',
      `The source and target of $rename may not be dynamic: ${field}`,
    );
  }
  const shared = { onInsertOnly: false, needsField: true };
  return [
    { ...shared, path, field, modify: () => undefined },
    {
      ...shared,
      path: target,
      field: operand,
      needsField: false,
      renamedFrom: path,
      modify: (current) => current,
    },
  ];
}

/** MongoDB applies modifications in the order of their paths, whatever the order in the command. */
function comparePaths(a: Path, b: Path): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const left = a[at] ?? '';
    const right = b[at] ?? '';
    if (left === right) continue;
    const leftIndex = arrayIndex(left);
    const rightIndex = arrayIndex(right);
    if (leftIndex !== undefined && rightIndex !== undefined) return leftIndex - rightIndex;
    return compareStrings(left, right);
  }
  return a.length - b.length;
}

function checkConflicts(sorted: readonly Modification[]): void {
  const seen = new Set<string>();
  for (const { path, field } of sorted) {
    for (let length = 1; length <= path.length; length++) {
      const prefix = path.slice(0, length).join('.');
      if (seen.has(prefix)) {
        throw new CommandError(
          'ConflictingUpdateOperators',
          `Updating the path '${field}' would create a conflict at '${prefix}'`,
        );
      }
    }
    seen.add(field);
  }
}

function parseArrayFilters(filters: readonly Value[]): Map<string, Predicate> {
  const parsed = new Map<string, Predicate>();
  for (const filter of filters) {
    if (!(filter instanceof Doc) || filter.size === 0)
      throw parse('Cannot use an expression without a top-level field name in arrayFilters');
    const names = new Set([...filter.keys()].map((key) => key.split('.')[0] ?? ''));
    const [name] = names;
    if (names.size !== 1 || !name || name.startsWith('$')) {
      throw parse('Error parsing array filter: expected a single top-level field name');
    }
    if (parsed.has(name))
      throw parse(`Found multiple array filters with the same top-level field name ${name}`);
    parsed.set(name, parseFilter(filter));
  }
  return parsed;
}

function checkFilterNames(
  modifications: readonly Modification[],
  filters: ReadonlyMap<string, Predicate>,
): void {
  const used = new Set(modifications.flatMap(({ path }) => path.map(filterName)));
  for (const name of used) {
    if (name !== undefined && !filters.has(name)) {
      throw new CommandError('BadValue', `No array filter found for identifier '${name}'`);
    }
  }
  for (const name of filters.keys()) {
    if (!used.has(name)) {
      throw parse(`The array filter for identifier '${name}' was not used in the update`);
    }
  }
}

function filterName(component: string): string | undefined {
  return component.startsWith('$[') && component !== '$[]' ? component.slice(2, -1) : undefined;
}

/**
 * Applies an update. What it does not change is shared with the document given, unchanged types
 * included; the same document comes back when nothing changed.
 * @throws CommandError ImmutableField, PathNotViable, TypeMismatch, BadValue
 */
export function applyUpdate(update: Update, target: UpdateTarget): Doc {
  return update.kind === 'replacement'
    ? replaceDocument(target.document, update.document, target.inserting)
    : modifyDocument(update.modifications, update.arrayFilters, target);
}

function replaceDocument(before: Doc, replacement: Doc, inserting: boolean): Doc {
  const id = before.get('_id');
  const wanted = replacement.get('_id');
  if (id !== undefined && wanted !== undefined && !valuesEqual(id, wanted)) {
    throw immutableId(
      inserting
        ? 'The _id field cannot be changed'
        : `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${formatValue(wanted)}`,
    );
  }
  const result = new Doc();
  const kept = id ?? wanted;
  if (kept !== undefined) result.set('_id', kept);
  for (const [key, value] of replacement) if (key !== '_id') result.set(key, value);
  return identical(before, result) ? before : result;
}

function immutableId(message: string): CommandError {
  return new CommandError('ImmutableField', message);
}

function modifyDocument(
  modifications: readonly Modification[],
  filters: ReadonlyMap<string, Predicate>,
  target: UpdateTarget,
): Doc {
  let document = target.document;
  for (const modification of modifications) {
    if (modification.onInsertOnly && !target.inserting) continue;
    document = applyOne(document, modification, filters, target);
  }
  const before = target.document.get('_id');
  const after = document.get('_id');
  if (before !== undefined && (after === undefined || !valuesEqual(before, after))) {
    throw immutableId(
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  return document;
}

function applyOne(
  document: Doc,
  modification: Modification,
  filters: ReadonlyMap<string, Predicate>,
  target: UpdateTarget,
): Doc {
  const source = modification.renamedFrom;
  let { modify } = modification;
  if (source) {
    const moved = valueAt(target.document, source);
    if (moved === undefined) return document;
    modify = () => moved;
  }
  const context: Context = { ...modification, modify, filters, target };
  const result = change(document, 0, context);
  return result instanceof Doc ? result : document;
}

interface Context extends Modification {
  readonly filters: ReadonlyMap<string, Predicate>;
  readonly target: UpdateTarget;
}

/** Changes what lies at the path below `value`; the same value back means "no change". */
function change(value: Value | undefined, depth: number, context: Context): Value | undefined {
  const { path } = context;
  if (depth === path.length) return context.modify(value, context.target);
  const component = path[depth] ?? '';
  if (Array.isArray(value)) return changeArray(value, component, depth, context);
  if (component.startsWith('$')) throw notAnArray(component, value, context);
  if (value instanceof Doc) {
    const current = value.get(component);
    if (current === undefined && context.needsField) return value;
    const next = change(current, depth + 1, context);
    return next === current ? value : withField(value, component, next);
  }
  if (value !== undefined) {
    if (context.needsField) return value;
    throw new CommandError(
      'PathNotViable',
      `Cannot create field '${component}' in element {${path[depth - 1] ?? ''}: ${formatValue(value)}}`,
    );
  }
  const created = change(undefined, depth + 1, context);
  return created === undefined ? undefined : new Doc([[component, created]]);
}

function notAnArray(component: string, value: Value | undefined, context: Context): CommandError {
  if (component === '$') return positionMissing();
  return new CommandError(
    'BadValue',
    value === undefined
      ? `The path '${context.field}' must exist in the document in order to apply array updates.`
      : `Cannot apply array updates to non-array element at '${context.field}'`,
  );
}

function positionMissing(): CommandError {
  return new CommandError(
    'BadValue',
    'The positional operator did not find the match needed from the query.',
  );
}

function withField(document: Doc, key: string, value: Value | undefined): Doc {
  const copy = new Doc(document);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

const MAX_PADDING = 1_500_000;

function changeArray(
  array: readonly Value[],
  component: string,
  depth: number,
  context: Context,
): Value {
  const positions = positionsOf(array, component, depth, context);
  let result: Value[] | undefined;
  for (const position of positions) {
    const current = (result ?? array)[position];
    if (current === undefined && context.needsField) continue;
    const next = change(current, depth + 1, context);
    if (next === current) continue;
    if (position > array.length + MAX_PADDING) {
      throw new CommandError('BadValue', `can't backfill more than ${MAX_PADDING} elements`);
    }
    result ??= [...array];
    while (result.length < position) result.push(null);
    // Unsetting an element leaves a hole that MongoDB fills with null.
    result[position] = next ?? null;
  }
  return result ?? (array as Value[]);
}

function positionsOf(
  array: readonly Value[],
  component: string,
  depth: number,
  context: Context,
): number[] {
  const position = arrayIndex(component);
  if (position !== undefined) return [position];
  if (component === '$[]') return array.map((_, at) => at);
  if (component === '$') return [matchedPosition(context.path.slice(0, depth), context.target)];
  const name = filterName(component);
  const filter = name === undefined ? undefined : context.filters.get(name);
  if (name === undefined || !filter) {
    if (context.needsField) return [];
    throw new CommandError(
      'PathNotViable',
      `Cannot create field '${component}' in element {${context.path[depth - 1] ?? ''}: ${formatValue([...array])}}`,
    );
  }
  return [...array.keys()].filter((at) => matches(filter, new Doc([[name, array[at] ?? null]])));
}

/** The first element that the query matched: each element is tried as if it were the only one. */
function matchedPosition(path: Path, { query, document }: UpdateTarget): number {
  const field = path.join('.');
  const about = conjuncts(query).filter(
    (predicate) =>
      'field' in predicate &&
      (predicate.field === field || predicate.field.startsWith(`${field}.`)),
  );
  const array = valueAt(document, path);
  if (about.length === 0 || !Array.isArray(array)) throw positionMissing();
  const found = array.findIndex((element) => {
    const alone = replaceAt(document, path, [element]);
    return about.every((predicate) => matches(predicate, alone));
  });
  if (found < 0) throw positionMissing();
  return found;
}

function replaceAt(value: Doc, path: Path, replacement: Value): Doc {
  const [first = '', ...rest] = path;
  const member = value.get(first);
  const next =
    rest.length > 0 && member instanceof Doc ? replaceAt(member, rest, replacement) : replacement;
  return withField(value, first, next);
}

/** The document that an upsert starts from: the equalities of its filter. */
export function upsertSeed(query: Predicate): Doc {
  let seed = new Doc();
  for (const predicate of conjuncts(query)) {
    const single =
      predicate.kind === 'in' && predicate.values.length === 1 && predicate.patterns.length === 0
        ? predicate.values[0]
        : predicate.kind === 'compare' && predicate.op === 'eq'
          ? predicate.value
          : undefined;
    if (single === undefined || !('path' in predicate)) continue;
    seed = seedField(seed, predicate.path, single);
  }
  return seed;
}

function seedField(seed: Doc, path: Path, value: Value): Doc {
  const [first = '', ...rest] = path;
  if (rest.length === 0) return withField(seed, first, value);
  const member = seed.get(first);
  return withField(seed, first, seedField(member instanceof Doc ? member : new Doc(), rest, value));
}
