import { encodeDocument } from '../bson/encode.js';
import { type Doc, type Value } from '../bson/values.js';
import { compareValues } from '../bson-order/compare.js';
import { notImplemented } from '../errors.js';
import { nextTurn, TURN_AFTER } from '../cursors/deadline.js';
import { anyAtPath } from '../evaluate/paths.js';
import { decoded, type Found } from '../cursors/find-stream.js';
import { parsePipeline, runStages, splitQuery } from '../evaluate/pipeline.js';
import { Arguments } from './arguments.js';
import {
  collectionName,
  findCollection,
  refuseCollation,
  type Answer,
  type Command,
  type CommandContext,
} from './command.js';
import { DEFAULT_BATCH, firstBatch } from './find.js';
import { collectQuery, filterOf, planFor, runQuery, type Query } from './query.js';

/** How many results a query has; only the index is counted where it decides the match. */
async function countQuery(context: CommandContext, name: string, query: Query): Promise<number> {
  const collection = findCollection(context, name);
  if (!collection) return 0;
  const plan = planFor(collection, { ...query, sort: [] });
  const single = plan.kind === 'index' && plan.exact && !plan.repeats;
  if (single && plan.intersected.length === 0) {
    let all = 0;
    for (const range of plan.ranges) all += context.view.countEntries(range);
    return Math.max(0, Math.min(all - query.skip, query.limit));
  }
  let n = 0;
  for (const found of runQuery(context, collection, { ...query, sort: [] }, undefined, plan)) {
    if (found) n++;
    if (!found || n % TURN_AFTER === 0) {
      context.deadline.check();
      await nextTurn();
    }
  }
  return n;
}

async function count(context: CommandContext): Promise<Answer> {
  const { args } = context;
  refuseCollation(args);
  const limit = Math.abs(args.integer('limit') ?? 0);
  const hint = args.value('hint');
  const n = await countQuery(context, collectionName(context), {
    predicate: filterOf(args.optionalDocument('query')),
    sort: [],
    skip: args.count('skip') ?? 0,
    limit: limit === 0 ? Infinity : limit,
    ...(hint === undefined ? {} : { hint }),
  });
  return { n };
}

async function distinct(context: CommandContext): Promise<Answer> {
  const { args } = context;
  refuseCollation(args);
  const path = args.string('key').split('.');
  const collection = findCollection(context, collectionName(context));
  if (!collection) return { values: [] };
  const query: Query = {
    predicate: filterOf(args.optionalDocument('query')),
    sort: [],
    skip: 0,
    limit: Infinity,
  };
  const values: Value[] = [];
  for (const found of await collectQuery(context, collection, query)) {
    anyAtPath(decoded(found), path, false, (leaf) => {
      // The elements of an array are values each, but not those of an array within it.
      if (Array.isArray(leaf)) values.push(...leaf);
      else if (leaf !== undefined) values.push(leaf);
      return false;
    });
  }
  values.sort(compareValues);
  return {
    values: values.filter(
      (value, at) => at === 0 || compareValues(value, values[at - 1] ?? null) !== 0,
    ),
  };
}

function* documentsOf(results: Iterable<Found | undefined>): Generator<Doc | undefined> {
  for (const found of results) yield found && decoded(found);
}

function* encoded(results: Iterable<Doc | undefined>): Generator<Buffer | undefined> {
  for (const result of results) yield result && encodeDocument(result);
}

async function aggregate(context: CommandContext): Promise<Answer> {
  const { args, db } = context;
  refuseCollation(args);
  if (args.optionalDocument('let')?.size) throw notImplemented('The option let');
  if (args.flag('explain')) throw notImplemented('The option explain; use the explain command');
  const name = args.value('aggregate');
  if (typeof name !== 'string') throw notImplemented('An aggregation without a collection');
  const cursor = new Arguments('aggregate.cursor', args.document('cursor')).only(
    new Set(['batchSize']),
  );
  const { query, stages } = aggregateQuery(args);
  const collection = findCollection(context, name);
  const counted = stages[0];
  // `countDocuments` is this pipeline; the index alone answers it.
  if (counted?.kind === 'count-all') {
    const n = await countQuery(context, name, query);
    const groups = n === 0 ? [] : [encodeDocument(counted.result(n))];
    return firstBatch(context, `${db}.${name}`, groups[Symbol.iterator](), DEFAULT_BATCH);
  }
  const found = collection ? documentsOf(runQuery(context, collection, query)) : [];
  const results = encoded(runStages(stages, found));
  return firstBatch(context, `${db}.${name}`, results, cursor.count('batchSize') ?? DEFAULT_BATCH);
}

/** The part of a pipeline that is a query, and the stages after it. */
export function aggregateQuery(args: Arguments): {
  query: Query;
  stages: ReturnType<typeof parsePipeline>;
} {
  const { filter, sort, skip, limit, rest } = splitQuery(args.documents('pipeline'));
  const hint = args.value('hint');
  const query: Query = {
    predicate: filterOf(filter),
    sort,
    skip,
    limit,
    ...(hint === undefined ? {} : { hint }),
  };
  return { query, stages: parsePipeline(rest) };
}

export const aggregateCommands: Record<string, Command> = {
  aggregate: {
    options: new Set(['pipeline', 'cursor', 'hint', 'collation', 'let', 'explain', 'allowDiskUse']),
    inTransaction: true,
    run: aggregate,
  },
  count: {
    options: new Set(['query', 'limit', 'skip', 'hint', 'collation']),
    inTransaction: true,
    run: count,
  },
  distinct: {
    options: new Set(['key', 'query', 'collation', 'hint']),
    inTransaction: true,
    run: distinct,
  },
};
