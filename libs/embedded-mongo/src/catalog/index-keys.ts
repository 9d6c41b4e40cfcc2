import { CommandError } from '../errors.js';
import { Doc, type Value } from '../bson/values.js';
import {
  EMPTY_ARRAY,
  encodeKey,
  encodeKeyValue,
  type KeyComponent,
} from '../bson-order/key-encoding.js';
import { arrayIndex, type Path } from '../evaluate/paths.js';
import { matches } from '../evaluate/matcher.js';
import type { Index } from './index-definition.js';

/** The keys (without record id) that an index holds for a document. */
export interface DocumentKeys {
  readonly keys: readonly Buffer[];
  /** Positions of the fields on whose paths an array was met. */
  readonly arrays: readonly number[];
}

/** A component on its way down: `rest` of its path still lies below `value`. */
interface Pending {
  readonly value: KeyComponent;
  readonly rest: Path;
  readonly settled: boolean;
}

/** What an index holds for a document that it leaves out, or that is not there. */
export const NO_KEYS: DocumentKeys = { keys: [], arrays: [] };

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
  if ((index.partialFilter || index.sparse) && !isIndexed(index, document)) return NO_KEYS;
  const components = index.fields.map(({ path, first }): Reached =>
    path.length === 1 ? document.get(first) : descendSimple(document, path),
  );
  const arrays: number[] = [];
  for (let at = 0; at < components.length; at++) {
    const component = components[at];
    if (component === AMBIGUOUS || Array.isArray(component)) arrays.push(at);
  }
  const [only] = arrays;
  if (only === undefined) {
    const plain = components.filter((component) => component !== AMBIGUOUS);
    return { keys: [encodeKey(index.id, plain, index.descending)], arrays };
  }
  const elements = components[only];
  const keys =
    arrays.length === 1 && Array.isArray(elements)
      ? elementKeys(index, components, only, elements)
      : expandedKeys(index, document);
  return { keys, arrays };
}

const AMBIGUOUS = Symbol('array on the way');

type Reached = Value | undefined | typeof AMBIGUOUS;

function descendSimple(document: Doc, path: Path): Reached {
  let current: Value | undefined = document;
  for (const component of path) {
    if (current instanceof Doc) current = current.get(component);
    else return Array.isArray(current) ? AMBIGUOUS : undefined;
  }
  return current;
}

/** The usual case: one path ends at an array, so its elements alone make the keys differ. */
function elementKeys(
  index: Index,
  components: readonly Reached[],
  at: number,
  elements: readonly Value[],
): Buffer[] {
  const around = components.map((component) => (component === AMBIGUOUS ? undefined : component));
  const { descending } = index;
  const head = encodeKey(index.id, around.slice(0, at), descending);
  const tail = around
    .slice(at + 1)
    .map((component, offset) => encodeKeyValue(component, descending[at + 1 + offset] ?? false));
  const inverted = descending[at] ?? false;
  const unique = new Map<string, Buffer>();
  const entered: readonly KeyComponent[] = elements.length === 0 ? [EMPTY_ARRAY] : elements;
  for (const element of entered) {
    const middle = encodeKeyValue(element, inverted);
    const text = middle.toString('latin1');
    if (!unique.has(text)) unique.set(text, Buffer.concat([head, middle, ...tail]));
  }
  return [...unique.values()];
}

function expandedKeys(index: Index, document: Doc): Buffer[] {
  const combinations = expand(
    index.fields.map((field) => ({ value: document, rest: field.path, settled: false })),
  );
  const unique = new Map<string, Buffer>();
  for (const components of combinations) {
    const key = encodeKey(index.id, components, index.descending);
    unique.set(key.toString('latin1'), key);
  }
  return [...unique.values()];
}
