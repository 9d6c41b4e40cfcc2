import { Doc, Int32, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { parseProjection, project } from '../evaluate/projection.js';
import { parseSort } from '../evaluate/sort.js';
import { parseUpdate } from '../evaluate/update.js';
import {
  collectionName,
  ensureCollection,
  findCollection,
  refuseCollation,
  type Answer,
  type Command,
  type CommandContext,
} from './command.js';
import { filterOf, type Query } from './query.js';
import { changeFirst, findFirst, removeFound, type UpdateStatement } from './write-statements.js';

interface Outcome {
  readonly value: Doc | undefined;
  readonly lastErrorObject: Doc;
}

function failed(message: string): CommandError {
  return new CommandError('FailedToParse', message);
}

function parseQuery({ args }: CommandContext): Query {
  refuseCollation(args);
  const sort = args.optionalDocument('sort');
  const hint = args.value('hint');
  return {
    predicate: filterOf(args.optionalDocument('query')),
    sort: sort ? parseSort(sort) : [],
    skip: 0,
    limit: 1,
    ...(hint === undefined ? {} : { hint }),
  };
}

async function findAndModify(context: CommandContext): Promise<Answer> {
  const { args, statements } = context;
  const statementId = args.integer('stmtId') ?? 0;
  const earlier = statements?.resultOf(statementId);
  if (earlier) return Object.fromEntries(earlier);
  const query = parseQuery(context);
  const remove = args.flag('remove');
  if (remove && (args.has('update') || args.flag('upsert') || args.flag('new'))) {
    throw failed('Cannot specify both an update (or new, or upsert) and remove=true');
  }
  if (!remove && !args.has('update')) {
    throw failed('Either an update or remove=true must be specified');
  }
  const fields = args.optionalDocument('fields');
  const projection = fields?.size ? parseProjection(fields) : undefined;
  const outcome = remove ? await removeOne(context, query) : await modifyOne(context, query);
  const { value, lastErrorObject } = outcome;
  const shown: Value = value ? (projection ? project(projection, value) : value) : null;
  const result = new Doc([
    ['lastErrorObject', lastErrorObject],
    ['value', shown],
  ]);
  statements?.note(statementId, result);
  statements?.save();
  return Object.fromEntries(result);
}

async function removeOne(context: CommandContext, query: Query): Promise<Outcome> {
  const collection = findCollection(context, collectionName(context));
  for (;;) {
    const found = collection && (await findFirst(context, collection, query));
    if (!found) return { value: undefined, lastErrorObject: new Doc([['n', new Int32(0)]]) };
    const value = await removeFound(context, collection, found, query);
    if (value) return { value, lastErrorObject: new Doc([['n', new Int32(1)]]) };
  }
}

async function modifyOne(context: CommandContext, query: Query): Promise<Outcome> {
  const { args } = context;
  const name = collectionName(context);
  const wantsNew = args.flag('new');
  const statement: UpdateStatement = {
    query,
    update: parseUpdate(
      args.value('update') ?? null,
      args.has('arrayFilters') ? args.list('arrayFilters') : [],
    ),
    multi: false,
    upsert: args.flag('upsert'),
  };
  const collection = statement.upsert
    ? ensureCollection(context, context.db, name)
    : findCollection(context, name);
  const first = collection && (await changeFirst(context, collection, statement));
  if (first?.changed) {
    const { changed } = first;
    return {
      value: wantsNew ? changed.after : changed.before,
      lastErrorObject: new Doc([
        ['n', new Int32(1)],
        ['updatedExisting', true],
      ]),
    };
  }
  const lastErrorObject = new Doc([
    ['n', new Int32(0)],
    ['updatedExisting', false],
  ]);
  const inserted = first?.inserted;
  if (!inserted) return { value: undefined, lastErrorObject };
  lastErrorObject.set('n', new Int32(1));
  lastErrorObject.set('upserted', inserted.get('_id') ?? null);
  return { value: wantsNew ? inserted : undefined, lastErrorObject };
}

const OPTIONS = new Set([
  'query',
  'sort',
  'remove',
  'update',
  'new',
  'fields',
  'upsert',
  'arrayFilters',
  'hint',
  'collation',
  'stmtId',
  'bypassDocumentValidation',
]);

export const findAndModifyCommands: Record<string, Command> = {
  findAndModify: { options: OPTIONS, inTransaction: true, run: findAndModify },
  findandmodify: { options: OPTIONS, inTransaction: true, run: findAndModify },
};
