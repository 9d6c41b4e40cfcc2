import { CommandError } from '../errors.js';
import { Doc, type Value } from '../bson/values.js';
import { EMPTY_ARRAY, encodeKey, type KeyComponent } from '../bson-order/key-encoding.js';
import { arrayIndex, type Path } from '../evaluate/paths.js';
import { matches } from '../evaluate/matcher.js';
import type { Index } from './index-definition.js';

/** The keys (without record id) that an index holds for a document. */
export interface DocumentKeys {
  readonly keys: readonly Buffer[];
  /** An array was entered: the index is multikey from now on. */
  readonly multikey: boolean;
}

/** A component on its way down: `rest` of its path still lies below `value`. */
interface Pending {
  readonly value: KeyComponent;
  readonly rest: Path;
  readonly settled: boolean;
}

const NONE: DocumentKeys = { keys: [], multikey: false };

function settle(value: KeyComponent): Pending {
  return { value, rest: [], settled: true };
}

/** Walks documents (not arrays, except by position) as far as the path goes. */
function descend(pending: Pending): Pending {
  if (pending.settled) return pending;
  let current = pending.value;
  for (let at = 0; at < pending.rest.length; at++) {
    const component = pending.rest[at] ?? '';
    if (current instanceof Doc) current = current.get(component);
    else if (Array.isArray(current)) {
      const position = arrayIndex(component);
      if (position === undefined || current.some((item) => item instanceof Doc)) {
        return { value: current, rest: pending.rest.slice(at), settled: false };
      }
      current = current[position];
    } else return settle(undefined);
  }
  return { value: current, rest: [], settled: !Array.isArray(current) };
}

/** What a component becomes when its array is entered; an array inside an array is one value. */
function enter(field: Pending, element: KeyComponent): Pending {
  if (field.rest.length === 0) return settle(element);
  return element instanceof Doc
    ? { value: element, rest: field.rest, settled: false }
    : settle(undefined);
}

/** One combination of components for every element of the one array that the paths go through. */
function expand(fields: readonly Pending[]): KeyComponent[][] {
  const reached = fields.map(descend);
  let array: readonly Value[] | undefined;
  for (const { value, settled } of reached) {
    if (settled || !Array.isArray(value)) continue;
    if (array !== undefined && array !== value) {
      throw new CommandError('CannotIndexParallelArrays', 'cannot index parallel arrays');
    }
    array = value;
  }
  if (array === undefined) return [reached.map((field) => field.value)];
  const elements: readonly KeyComponent[] = array.length === 0 ? [EMPTY_ARRAY] : array;
  return elements.flatMap((element) =>
    expand(
      reached.map((field) =>
        field.settled || field.value !== array ? field : enter(field, element),
      ),
    ),
  );
}

/** Whether the index has anything to say about this document (partial filter, sparse). */
function isIndexed(index: Index, document: Doc): boolean {
  if (index.partialFilter && !matches(index.partialFilter, document)) return false;
  if (!index.sparse) return true;
  return index.fields.some(
    (field) => descend({ value: document, rest: field.path, settled: false }).value !== undefined,
  );
}

/**
 * The index keys of a document.
 * @throws CommandError CannotIndexParallelArrays
 */
export function keysOf(index: Index, document: Doc): DocumentKeys {
  if ((index.partialFilter || index.sparse) && !isIndexed(index, document)) return NONE;
  const components: KeyComponent[] = [];
  let plain = true;
  for (const { path, first } of index.fields) {
    const value = path.length === 1 ? document.get(first) : descendSimple(document, path);
    if (value === AMBIGUOUS || Array.isArray(value)) {
      plain = false;
      break;
    }
    components.push(value);
  }
  if (plain) {
    return { keys: [encodeKey(index.id, components, index.descending)], multikey: false };
  }
  return arrayKeys(index, document);
}

const AMBIGUOUS = Symbol('array on the way');

function descendSimple(document: Doc, path: Path): Value | undefined | typeof AMBIGUOUS {
  let current: Value | undefined = document;
  for (const component of path) {
    if (current instanceof Doc) current = current.get(component);
    else return Array.isArray(current) ? AMBIGUOUS : undefined;
  }
  return current;
}

function arrayKeys(index: Index, document: Doc): DocumentKeys {
  const combinations = expand(
    index.fields.map((field) => ({ value: document, rest: field.path, settled: false })),
  );
  const unique = new Map<string, Buffer>();
  for (const components of combinations) {
    const key = encodeKey(index.id, components, index.descending);
    unique.set(key.toString('latin1'), key);
  }
  return { keys: [...unique.values()], multikey: true };
}
