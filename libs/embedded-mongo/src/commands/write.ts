import type { Encodable } from '../bson/encode.js';
import { Doc, Int32, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { parseUpdate } from '../evaluate/update.js';
import { parseSort } from '../evaluate/sort.js';
import { Arguments } from './arguments.js';
import {
  collectionName,
  ensureCollection,
  findCollection,
  refuseCollation,
  type Answer,
  type Command,
  type CommandContext,
} from './command.js';
import { MAX_WRITE_BATCH } from './handshake.js';
import { filterOf, type Query } from './query.js';
import {
  insertOne,
  isStatementError,
  runDelete,
  runUpdate,
  type UpdateStatement,
} from './write-statements.js';

/** Runs the statements of one command and gathers results and errors. */
class StatementRun {
  readonly errors: Encodable[] = [];
  n = 0;
  modified = 0;
  readonly upserted: Encodable[] = [];
  private readonly ordered: boolean;
  private readonly ids: readonly number[];

  constructor(
    private readonly context: CommandContext,
    size: number,
  ) {
    this.ordered = context.args.flag('ordered', true);
    this.ids = statementIds(context, size);
    if (size === 0 || size > MAX_WRITE_BATCH) {
      throw new CommandError(
        'InvalidLength',
        `Write batch sizes must be between 1 and ${MAX_WRITE_BATCH}. Got ${size} operations.`,
      );
    }
  }

  /** @returns whether the next statement is to be run */
  async statement(index: number, work: () => Promise<Doc>): Promise<boolean> {
    const { statements } = this.context;
    const id = this.ids[index] ?? index;
    const earlier = statements?.resultOf(id);
    try {
      const result = earlier ?? (await work());
      if (!earlier) statements?.note(id, result);
      this.add(index, result);
      return true;
    } catch (error) {
      if (!isStatementError(error, this.context.transaction !== undefined)) throw error;
      this.errors.push(writeError(index, error));
      return !this.ordered && !this.context.transaction;
    }
  }

  answer(): Answer {
    this.context.statements?.save();
    return {
      n: this.n,
      ...(this.errors.length > 0 ? { writeErrors: this.errors } : {}),
    };
  }

  private add(index: number, result: Doc): void {
    this.n += intOf(result.get('n'));
    this.modified += intOf(result.get('nModified'));
    if (result.has('upserted')) this.upserted.push({ index, _id: result.get('upserted') });
  }
}

export function intOf(value: Value | undefined): number {
  return value instanceof Int32 ? value.value : 0;
}

function statementIds({ args }: CommandContext, size: number): number[] {
  const given = args.has('stmtIds') ? args.list('stmtIds') : undefined;
  if (given) {
    if (given.length !== size)
      throw new CommandError('InvalidLength', 'stmtIds must be one a statement');
    return given.map(intOf);
  }
  const first = args.integer('stmtId') ?? 0;
  return Array.from({ length: size }, (_, at) => first + at);
}

/** One entry of `writeErrors`. */
export function writeError(index: number, error: CommandError): Answer {
  const fields = error.details.fields ? Object.fromEntries(error.details.fields) : {};
  return { index, code: error.code, ...fields, errmsg: error.message };
}

async function insert(context: CommandContext): Promise<Answer> {
  const name = collectionName(context);
  const documents = context.args.documents('documents');
  const run = new StatementRun(context, documents.length);
  const collection = ensureCollection(context, context.db, name);
  for (const [index, document] of documents.entries()) {
    const goOn = await run.statement(index, async () => {
      await insertOne(context, collection, document);
      return new Doc([['n', new Int32(1)]]);
    });
    if (!goOn) break;
  }
  return run.answer();
}

const UPDATE_STATEMENT = new Set([
  'q',
  'u',
  'multi',
  'upsert',
  'arrayFilters',
  'hint',
  'collation',
  'sort',
]);

function queryOf(args: Arguments, filter: Doc): Query {
  refuseCollation(args);
  const hint = args.value('hint');
  const sort = args.optionalDocument('sort');
  return {
    predicate: filterOf(filter),
    sort: sort ? parseSort(sort) : [],
    skip: 0,
    limit: Infinity,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Parses an update statement, of `update` or of `bulkWrite`. */
export function updateStatement(args: Arguments, filter: Doc, update: Value): UpdateStatement {
  const multi = args.flag('multi');
  const filters = args.has('arrayFilters') ? args.list('arrayFilters') : [];
  const parsed = parseUpdate(update, filters);
  if (multi && parsed.kind === 'replacement') {
    throw new CommandError(
      'FailedToParse',
      'multi update is not supported for replacement-style update',
    );
  }
  return { query: queryOf(args, filter), update: parsed, multi, upsert: args.flag('upsert') };
}

async function update(context: CommandContext): Promise<Answer> {
  const name = collectionName(context);
  const statements = context.args.documents('updates');
  const run = new StatementRun(context, statements.length);
  if (context.engine.catalog.find(context.db, name)) findCollection(context, name);
  for (const [index, members] of statements.entries()) {
    const goOn = await run.statement(index, async () => {
      const args = new Arguments('update.updates', members).only(UPDATE_STATEMENT);
      const statement = updateStatement(args, args.document('q'), args.value('u') ?? null);
      return statementResult(await runUpdate(context, context.db, name, statement));
    });
    if (!goOn) break;
  }
  const { upserted, modified } = run;
  return {
    ...run.answer(),
    nModified: modified,
    ...(upserted.length > 0 ? { upserted } : {}),
  };
}

function statementResult(result: { matched: number; modified: number; upserted?: Value }): Doc {
  const inserted = result.upserted === undefined ? 0 : 1;
  const stored = new Doc([
    ['n', new Int32(result.matched + inserted)],
    ['nModified', new Int32(result.modified)],
  ]);
  if (result.upserted !== undefined) stored.set('upserted', result.upserted);
  return stored;
}

const DELETE_STATEMENT = new Set(['q', 'limit', 'hint', 'collation']);

async function remove(context: CommandContext): Promise<Answer> {
  const name = collectionName(context);
  const statements = context.args.documents('deletes');
  const run = new StatementRun(context, statements.length);
  for (const [index, members] of statements.entries()) {
    const goOn = await run.statement(index, async () => {
      const args = new Arguments('delete.deletes', members).only(DELETE_STATEMENT);
      const limit = args.integer('limit');
      if (limit !== 0 && limit !== 1) {
        throw new CommandError(
          'FailedToParse',
          'The limit field in delete objects must be 0 or 1.',
        );
      }
      const query = queryOf(args, args.document('q'));
      const removed = await runDelete(context, findCollection(context, name), query, limit === 0);
      return new Doc([['n', new Int32(removed)]]);
    });
    if (!goOn) break;
  }
  return run.answer();
}

const WRITE_OPTIONS = ['ordered', 'stmtId', 'stmtIds', 'bypassDocumentValidation'];

export const writeCommands: Record<string, Command> = {
  insert: { options: new Set(['documents', ...WRITE_OPTIONS]), inTransaction: true, run: insert },
  update: { options: new Set(['updates', ...WRITE_OPTIONS]), inTransaction: true, run: update },
  delete: { options: new Set(['deletes', ...WRITE_OPTIONS]), inTransaction: true, run: remove },
};
