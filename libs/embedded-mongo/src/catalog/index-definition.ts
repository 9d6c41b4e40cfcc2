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
  multikey: boolean;
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

/** Builds the working form of a validated index specification. */
export function indexFromSpec(id: number, spec: Doc, multikey: boolean): Index {
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
    multikey,
  };
}
