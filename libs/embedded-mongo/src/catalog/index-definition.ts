import { Doc, type Value } from '../bson/values.js';
import { parseFilter } from '../evaluate/filter-parser.js';
import type { Path } from '../evaluate/paths.js';
import type { Predicate } from '../evaluate/predicate.js';

export interface IndexField {
  readonly field: string;
  readonly path: Path;
  /** The first component of the path: an index is untouched by a change elsewhere. */
  readonly first: string;
  readonly descending: boolean;
}

/** An index as the planner and the store use it. */
export interface Index {
  readonly id: number;
  readonly name: string;
  /** As the client gave it, for listIndexes. */
  readonly spec: Doc;
  readonly fields: readonly IndexField[];
  readonly descending: readonly boolean[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partialFilter?: Predicate;
  readonly expireAfterSeconds?: number;
  /** First path components whose change may change the index entries; empty means any. */
  readonly touchedBy: ReadonlySet<string>;
  /**
   * Positions of the fields on whose path any document ever had an array. It only grows, and before
   * the entries of such a document can be seen, so that every plan may rely on it.
   */
  readonly arrays: Set<number>;
}

/** MongoDB's limit; it also bounds what `arraysToNumber` has to hold. */
export const MAX_INDEX_FIELDS = 32;

/** Any path may hold arrays: what files of format 1 say of every multikey index. */
const ANY_PATH = 1;

/** The form in which the catalogue keeps `Index.arrays`: bit n + 1 for the field at n. */
export function arraysToNumber(arrays: ReadonlySet<number>): number {
  let bits = 0;
  for (const at of arrays) bits += 2 ** (at + 1);
  return bits;
}

/** The reverse of `arraysToNumber` for an index with so many fields. */
export function arraysFromNumber(bits: number, fields: number): Set<number> {
  const positions = Array.from({ length: fields }, (_, at) => at);
  return new Set(positions.filter((at) => bits === ANY_PATH || (bits / 2 ** (at + 1)) & 1));
}

function numeric(value: Value | undefined): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  if (value !== null && typeof value === 'object' && 'value' in value) return Number(value.value);
  return undefined;
}

function nameOf(spec: Doc): string {
  const name = spec.get('name');
  if (typeof name !== 'string') throw new Error('index specification without name');
  return name;
}

/**
 * Builds the working form of a validated index specification.
 * @param arrays as `arraysToNumber` gives it
 */
export function indexFromSpec(id: number, spec: Doc, arrays: number): Index {
  const key = spec.get('key');
  if (!(key instanceof Doc)) throw new Error('index specification without key');
  const fields = [...key].map(([field, direction]): IndexField => {
    const path = field.split('.');
    return { field, path, first: path[0] ?? '', descending: (numeric(direction) ?? 1) < 0 };
  });
  const filter = spec.get('partialFilterExpression');
  const expireAfterSeconds = numeric(spec.get('expireAfterSeconds'));
  return {
    id,
    name: nameOf(spec),
    spec,
    fields,
    descending: fields.map((field) => field.descending),
    unique: spec.get('unique') === true || spec.get('name') === '_id_',
    sparse: spec.get('sparse') === true,
    ...(filter instanceof Doc ? { partialFilter: parseFilter(filter) } : {}),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
    touchedBy: new Set(filter instanceof Doc ? [] : fields.map((field) => field.first)),
    arrays: arraysFromNumber(arrays, fields.length),
  };
}
