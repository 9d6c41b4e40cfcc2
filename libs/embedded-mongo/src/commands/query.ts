import { encodeDocument } from '../bson/encode.js';
import { Doc, RawDocument, type Value } from '../bson/values.js';
import type { Collection } from '../catalog/catalog.js';
import { CommandError } from '../errors.js';
import { drain } from '../cursors/deadline.js';
import type { Examined } from '../cursors/examined.js';
import { decoded, findDocuments, type Found } from '../cursors/find-stream.js';
import { parseFilter } from '../evaluate/filter-parser.js';
import type { Predicate } from '../evaluate/predicate.js';
import { project, type Projection } from '../evaluate/projection.js';
import { sortBy, type SortField } from '../evaluate/sort.js';
import { choosePlan, type Plan, type PlanRequest } from '../planner/plan.js';
import { MAX_DOCUMENT_BYTES } from '../bson/decode.js';
import type { CommandContext } from './command.js';

/** A query on one collection, parsed. */
export interface Query {
  readonly predicate: Predicate;
  readonly sort: readonly SortField[];
  readonly skip: number;
  /** Infinity for no limit. */
  readonly limit: number;
  readonly hint?: Value;
}

/** MongoDB's limit for sorting without disk. */
const SORT_MEMORY_BYTES = 100 * 1024 * 1024;

export function filterOf(filter: Doc | undefined): Predicate {
  return parseFilter(filter ?? new Doc());
}

/** @throws CommandError BadValue when no index is meant */
function hintFor(collection: Collection, hint: Value | undefined): PlanRequest['hint'] {
  if (hint === undefined || hint === null || (hint instanceof Doc && hint.size === 0)) {
    return undefined;
  }
  if (hint instanceof Doc && hint.has('$natural')) {
    const backward = JSON.stringify([...hint.values()]).includes('-1');
    return { natural: backward ? -1 : 1 };
  }
  const wanted = hint instanceof Doc ? encodeDocument(hint) : undefined;
  const found = collection.indexes.find((index) => {
    if (typeof hint === 'string') return index.name === hint;
    const key = index.spec.get('key');
    return wanted && key instanceof Doc && samePattern(key, hint as Doc);
  });
  if (!found) {
    throw new CommandError(
      'BadValue',
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  }
  return found;
}

function samePattern(a: Doc, b: Doc): boolean {
  const text = (pattern: Doc) =>
    [...pattern].map(([key, way]) => `${key}:${JSON.stringify(way, bigintText)}`).join();
  return text(a) === text(b);
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? { value: Number(value) } : value;
}

export function planFor(collection: Collection, query: Query): Plan {
  const hint = hintFor(collection, query.hint);
  return choosePlan({
    indexes: collection.indexes,
    predicate: query.predicate,
    sort: query.sort,
    ...(hint ? { hint } : {}),
  });
}

/** What a query finds, in order, skipped and limited; `undefined` is a pause. */
export function* runQuery(
  context: CommandContext,
  collection: Collection,
  query: Query,
  examined: Examined = { keys: 0, docs: 0 },
  plan: Plan = planFor(collection, query),
): Generator<Found | undefined> {
  const { skip, limit } = query;
  const expected = plan.sorted ? skip + limit : Infinity;
  const source = findDocuments(context.view, collection, plan, query.predicate, examined, expected);
  const ordered = plan.sorted ? source : sorted(source, query.sort);
  let passed = 0;
  if (limit <= 0) return;
  for (const found of ordered) {
    if (!found) yield undefined;
    else if (++passed > skip) {
      yield found;
      if (passed - skip >= limit) return;
    }
  }
}

function* sorted(
  source: Generator<Found | undefined>,
  fields: readonly SortField[],
): Generator<Found | undefined> {
  const all: Found[] = [];
  let bytes = 0;
  for (const found of source) {
    if (!found) yield undefined;
    else {
      bytes += found.bson.length;
      if (bytes > SORT_MEMORY_BYTES) {
        throw new CommandError(
          'QueryExceededMemoryLimitNoDiskUseAllowed',
          `Sort exceeded memory limit of ${SORT_MEMORY_BYTES} bytes`,
        );
      }
      all.push(found);
    }
  }
  yield* sortBy(all, fields, decoded);
}

/** The stored bytes of what is found, or its projection encoded anew. */
export function* encodedResults(
  results: Iterable<Found | undefined>,
  projection: Projection | undefined,
): Generator<Buffer | undefined> {
  for (const found of results) {
    yield found && projection ? encodeDocument(project(projection, decoded(found))) : found?.bson;
  }
}

/** The first batch of the most frequent query, without any machinery: one range, all decided. */
export function directDocuments(
  context: CommandContext,
  plan: Plan,
  query: Query,
  batchSize: number,
): RawDocument[] | undefined {
  const { limit, skip } = query;
  if (plan.kind !== 'index' || !plan.exact || !plan.sorted) return undefined;
  if (plan.merge || plan.repeats || plan.intersected.length > 0) return undefined;
  if (limit > batchSize || skip > 0) return undefined;
  const documents: RawDocument[] = [];
  let bytes = 0;
  const ranges = plan.backward ? [...plan.ranges].reverse() : plan.ranges;
  for (const range of ranges) {
    const wanted = limit - documents.length;
    if (wanted <= 0) break;
    for (const bson of context.view.documents(range, plan.backward, wanted)) {
      bytes += bson.length;
      documents.push(new RawDocument(bson));
    }
  }
  return bytes > MAX_DOCUMENT_BYTES ? undefined : documents;
}

/** Everything a query finds, at once. */
export function collectQuery(
  context: CommandContext,
  collection: Collection,
  query: Query,
): Promise<Found[]> {
  return drain(runQuery(context, collection, query), context.deadline);
}
