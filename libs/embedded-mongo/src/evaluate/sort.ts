import { compareValues } from '../bson-order/compare.js';
import { toDouble } from '../bson-order/numbers.js';
import { Doc, isNumeric, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { anyAtPath, type Path } from './paths.js';

export interface SortField {
  readonly field: string;
  readonly path: Path;
  readonly descending: boolean;
}

/** Parses `{field: 1 | -1, …}`. */
export function parseSort(sort: Doc): SortField[] {
  return [...sort].map(([field, direction]) => {
    const way = isNumeric(direction) ? toDouble(direction) : 0;
    if (direction instanceof Doc)
      throw new CommandError('NotImplemented', 'sorting by $meta is not supported');
    if (way !== 1 && way !== -1) {
      throw new CommandError('BadValue', `Illegal sort direction for '${field}': use 1 or -1`);
    }
    if (field === '' || field.startsWith('$')) {
      throw new CommandError(
        'BadValue',
        `FieldPath field names may not start with '$' or be empty: '${field}'`,
      );
    }
    return { field, path: field.split('.'), descending: way < 0 };
  });
}

/** What a document is sorted by: of an array the least element upwards, the greatest downwards. */
function sortKey(document: Value, { path, descending }: SortField): Value {
  let best: Value | undefined;
  anyAtPath(document, path, true, (leaf) => {
    if (Array.isArray(leaf) && leaf.length > 0) return false;
    const value = leaf ?? null;
    if (best === undefined) best = value;
    else if (compareValues(value, best) < 0 !== descending) best = value;
    return false;
  });
  return best ?? null;
}

/** Sorts stably by the fields, in BSON order. */
export function sortBy<T>(
  items: readonly T[],
  fields: readonly SortField[],
  documentOf: (item: T) => Value,
): T[] {
  const keyed = items.map((item) => {
    const document = documentOf(item);
    return { item, keys: fields.map((field) => sortKey(document, field)) };
  });
  keyed.sort((a, b) => {
    for (const [at, { descending }] of fields.entries()) {
      const difference = compareValues(a.keys[at] ?? null, b.keys[at] ?? null);
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}
