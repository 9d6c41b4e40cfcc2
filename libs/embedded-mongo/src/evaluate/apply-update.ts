import { valuesEqual } from '../bson-order/compare.js';
import { formatValue } from '../bson/format.js';
import { identical } from '../bson/identical.js';
import { Doc, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { conjuncts } from '../planner/implication.js';
import { matches } from './matcher.js';
import { arrayIndex, valueAt, type Path } from './paths.js';
import type { Predicate } from './predicate.js';
import { filterName, type Modification, type Update, type UpdateTarget } from './update.js';

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
