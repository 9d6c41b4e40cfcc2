import { encodeDocument } from '../bson/encode.js';
import { Doc, Int32, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { parseSort } from '../evaluate/sort.js';
import { Arguments } from './arguments.js';
import {
  ensureCollection,
  findCollection,
  refuseCollation,
  type Answer,
  type Command,
  type CommandContext,
} from './command.js';
import { DEFAULT_BATCH, firstBatch } from './find.js';
import { filterOf } from './query.js';
import { intOf, updateStatement, writeError } from './write.js';
import { insertOne, isStatementError, runDelete, runUpdate } from './write-statements.js';

interface Namespace {
  readonly db: string;
  readonly name: string;
}

type Kind = 'insert' | 'update' | 'delete';

const OPERATION_OPTIONS: Record<Kind, ReadonlySet<string>> = {
  insert: new Set(['insert', 'document']),
  update: new Set([
    'update',
    'filter',
    'updateMods',
    'multi',
    'upsert',
    'arrayFilters',
    'hint',
    'collation',
    'sort',
  ]),
  delete: new Set(['delete', 'filter', 'multi', 'hint', 'collation', 'sort']),
};

function kindOf(operation: Doc): Kind {
  const [kind] = operation.keys();
  if (kind === 'insert' || kind === 'update' || kind === 'delete') return kind;
  throw new CommandError('BadValue', `Unknown bulkWrite operation '${kind ?? ''}'`);
}

function parseNamespaces(args: Arguments): Namespace[] {
  return args.documents('nsInfo').map((info) => {
    const ns = new Arguments('bulkWrite.nsInfo', info).only(new Set(['ns'])).string('ns');
    const dot = ns.indexOf('.');
    if (dot < 1) throw new CommandError('InvalidNamespace', `Invalid namespace specified '${ns}'`);
    return { db: ns.slice(0, dot), name: ns.slice(dot + 1) };
  });
}

/** One operation; what it did is told in the members that the statement record keeps. */
async function runOperation(
  context: CommandContext,
  operation: Doc,
  namespaces: readonly Namespace[],
): Promise<Doc> {
  const kind = kindOf(operation);
  const args = new Arguments(`bulkWrite.ops.${kind}`, operation).only(OPERATION_OPTIONS[kind]);
  const namespace = namespaces[args.count(kind) ?? -1];
  if (!namespace)
    throw new CommandError('BadValue', 'BulkWrite ops entry refers to an nsInfo that is missing');
  const { db, name } = namespace;
  const scoped = { ...context, db };
  switch (kind) {
    case 'insert': {
      const collection = ensureCollection(scoped, db, name);
      await insertOne(scoped, collection, args.document('document'));
      return outcome({ n: 1, inserted: 1 });
    }
    case 'update': {
      const statement = updateStatement(
        args,
        args.document('filter'),
        args.value('updateMods') ?? null,
      );
      const { matched, modified, upserted } = await runUpdate(scoped, db, name, statement);
      const n = matched + (upserted === undefined ? 0 : 1);
      return outcome({ n, nModified: modified, matched }, upserted);
    }
    case 'delete': {
      refuseCollation(args);
      const hint = args.value('hint');
      const sort = args.optionalDocument('sort');
      const query = {
        predicate: filterOf(args.document('filter')),
        sort: sort ? parseSort(sort) : [],
        skip: 0,
        limit: Infinity,
        ...(hint === undefined ? {} : { hint }),
      };
      const collection = findCollection(scoped, name);
      const removed = await runDelete(scoped, collection, query, args.flag('multi'));
      return outcome({ n: removed, deleted: removed });
    }
  }
}

function outcome(counts: Record<string, number>, upserted?: Value): Doc {
  const result = new Doc(
    Object.entries(counts).map(([key, value]): [string, Value] => [key, new Int32(value)]),
  );
  if (upserted !== undefined) result.set('upserted', upserted);
  return result;
}

async function bulkWrite(context: CommandContext): Promise<Answer> {
  const { args, statements, transaction } = context;
  if (context.db !== 'admin') {
    throw new CommandError('Unauthorized', 'bulkWrite may only be run against the admin database.');
  }
  const namespaces = parseNamespaces(args);
  const operations = args.documents('ops');
  const ordered = args.flag('ordered', true);
  const errorsOnly = args.flag('errorsOnly');
  const totals = { nErrors: 0, nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
  const results: Buffer[] = [];
  for (const [index, operation] of operations.entries()) {
    try {
      const earlier = statements?.resultOf(index);
      const result = earlier ?? (await runOperation(context, operation, namespaces));
      if (!earlier) statements?.note(index, result);
      totals.nInserted += intOf(result.get('inserted'));
      totals.nMatched += intOf(result.get('matched'));
      totals.nModified += intOf(result.get('nModified'));
      totals.nUpserted += result.has('upserted') ? 1 : 0;
      totals.nDeleted += intOf(result.get('deleted'));
      if (!errorsOnly) results.push(encodeDocument(resultEntry(index, result)));
    } catch (error) {
      if (!isStatementError(error, transaction !== undefined)) throw error;
      totals.nErrors++;
      const { index: idx, ...rest } = writeError(index, error);
      results.push(encodeDocument({ ok: 0, idx, ...rest, n: 0 }));
      if (ordered || transaction) break;
    }
  }
  statements?.save();
  const cursorArgs = args.optionalDocument('cursor');
  const batchSize = cursorArgs && new Arguments('bulkWrite.cursor', cursorArgs).count('batchSize');
  const entries = results[Symbol.iterator]();
  const answer = await firstBatch(
    context,
    'admin.$cmd.bulkWrite',
    entries,
    batchSize ?? DEFAULT_BATCH * 1000,
  );
  return { ...answer, ...totals };
}

function resultEntry(index: number, result: Doc): Answer {
  return {
    ok: 1,
    idx: index,
    n: result.get('n'),
    nModified: result.get('nModified'),
    ...(result.has('upserted') ? { upserted: { _id: result.get('upserted') } } : {}),
  };
}

export const bulkWriteCommands: Record<string, Command> = {
  bulkWrite: {
    options: new Set([
      'ops',
      'nsInfo',
      'ordered',
      'errorsOnly',
      'bypassDocumentValidation',
      'cursor',
      'stmtId',
    ]),
    inTransaction: true,
    run: bulkWrite,
  },
};
