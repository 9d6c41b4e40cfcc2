import { CommandError, notImplemented } from '../errors.js';
import { Cursor, type ResultStream } from '../cursors/cursor.js';
import { parseProjection } from '../evaluate/projection.js';
import { parseSort } from '../evaluate/sort.js';
import type { Arguments } from './arguments.js';
import {
  collectionName,
  findCollection,
  refuseCollation,
  type Answer,
  type Command,
  type CommandContext,
} from './command.js';
import {
  directDocuments,
  encodedResults,
  filterOf,
  planFor,
  runQuery,
  type Query,
} from './query.js';

/** Documents in a first batch when the client does not say. */
export const DEFAULT_BATCH = 101;

/** Parses what find, count and explain have in common. */
export function parseFind(args: Arguments): Query {
  refuseCollation(args);
  for (const option of [
    'min',
    'max',
    'returnKey',
    'showRecordId',
    'tailable',
    'awaitData',
    'let',
  ]) {
    const value = args.value(option);
    if (value !== undefined && value !== false) throw notImplemented(`The option ${option}`);
  }
  const limit = args.integer('limit') ?? 0;
  if (limit < 0)
    throw new CommandError(
      'BadValue',
      `BSON field 'limit' value must be >= 0, actual value '${limit}'`,
    );
  const hint = args.value('hint');
  return {
    predicate: filterOf(args.optionalDocument('filter')),
    sort: parseSort(args.optionalDocument('sort') ?? (new Map() as never)),
    skip: args.count('skip') ?? 0,
    limit: limit === 0 ? Infinity : limit,
    ...(hint === undefined ? {} : { hint }),
  };
}

async function find(context: CommandContext): Promise<Answer> {
  const { args, db } = context;
  const name = collectionName(context);
  const query = parseFind(args);
  const projectionSpec = args.optionalDocument('projection');
  const projection = projectionSpec?.size ? parseProjection(projectionSpec) : undefined;
  const batchSize = args.count('batchSize') ?? DEFAULT_BATCH;
  const single = args.flag('singleBatch');
  const namespace = `${db}.${name}`;
  const collection = findCollection(context, name);
  if (!collection) return cursorAnswer(namespace, [], 0n, 'firstBatch');
  const plan = planFor(collection, query);
  const direct = projection ? undefined : directDocuments(context, plan, query, batchSize);
  if (direct) return cursorAnswer(namespace, direct, 0n, 'firstBatch');
  const results = encodedResults(runQuery(context, collection, query, undefined, plan), projection);
  return firstBatch(context, namespace, results, batchSize, single);
}

function cursorAnswer(
  ns: string,
  documents: Answer[string],
  id: bigint,
  batch: 'firstBatch' | 'nextBatch',
): Answer {
  return { cursor: { [batch]: documents, id, ns } };
}

/** Answers with the first batch, and keeps a cursor when there is more. */
export async function firstBatch(
  context: CommandContext,
  namespace: string,
  results: ResultStream,
  batchSize: number,
  single = false,
): Promise<Answer> {
  const cursor = new Cursor(namespace, context.owner, results);
  const { documents, exhausted } = await cursor.batch(batchSize, context.deadline);
  if (exhausted || single) {
    cursor.close();
    return cursorAnswer(namespace, documents, 0n, 'firstBatch');
  }
  context.engine.cursors.add(cursor);
  return cursorAnswer(namespace, documents, cursor.id, 'firstBatch');
}

async function getMore(context: CommandContext): Promise<Answer> {
  const { args, db, engine } = context;
  const id = args.value('getMore');
  if (typeof id !== 'bigint') {
    throw new CommandError('TypeMismatch', "BSON field 'getMore.getMore' must be a long");
  }
  const namespace = `${db}.${args.string('collection')}`;
  const cursor = engine.cursors.take(id, namespace, context.owner);
  cursor.busy = true;
  try {
    // A batch size of 0 means "as many as fit".
    const size = args.count('batchSize') ?? 0;
    const batch = await cursor.batch(size === 0 ? Infinity : size, context.deadline);
    if (batch.exhausted) engine.cursors.remove(id);
    return cursorAnswer(namespace, batch.documents, batch.exhausted ? 0n : id, 'nextBatch');
  } catch (error) {
    engine.cursors.remove(id);
    throw error;
  } finally {
    cursor.busy = false;
  }
}

function killCursors({ engine, args }: CommandContext): Answer {
  const killed: bigint[] = [];
  const missing: bigint[] = [];
  for (const id of args.list('cursors')) {
    if (typeof id !== 'bigint') throw new CommandError('TypeMismatch', 'cursors must hold longs');
    (engine.cursors.remove(id) ? killed : missing).push(id);
  }
  return {
    cursorsKilled: killed,
    cursorsNotFound: missing,
    cursorsAlive: [],
    cursorsUnknown: [],
  };
}

export const FIND_OPTIONS: ReadonlySet<string> = new Set([
  'find',
  'filter',
  'sort',
  'projection',
  'hint',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'max',
  'min',
  'returnKey',
  'showRecordId',
  'tailable',
  'awaitData',
  // A cursor's time-out on our side cannot be turned off; asking so changes no result.
  'noCursorTimeout',
  'allowPartialResults',
  'oplogReplay',
  'collation',
  // Sorting never uses the disk here: it is limited to memory either way.
  'allowDiskUse',
  'let',
]);

export const findCommands: Record<string, Command> = {
  find: { options: FIND_OPTIONS, inTransaction: true, run: find },
  getMore: {
    options: new Set(['getMore', 'collection', 'batchSize']),
    inTransaction: true,
    run: getMore,
  },
  killCursors: { options: new Set(['cursors']), inTransaction: true, run: killCursors },
};
