import { Binary, Doc, Double, typeName, type Value } from '../bson/values.js';
import { Deadline } from '../cursors/deadline.js';
import type { Engine } from '../engine.js';
import { CommandError, notImplemented } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Session } from '../transactions/sessions.js';
import { aggregateCommands } from './aggregate.js';
import { Arguments } from './arguments.js';
import { bulkWriteCommands } from './bulk-write.js';
import { collectionCommands } from './collections.js';
import { GENERIC_OPTIONS, type Answer, type Command, type CommandContext } from './command.js';
import { explainCommands } from './explain.js';
import { findAndModifyCommands } from './find-and-modify.js';
import { findCommands } from './find.js';
import { handshakeCommands } from './handshake.js';
import { indexCommands } from './indexes.js';
import { TRANSACTION_COMMANDS, transactionCommands } from './transactions.js';
import { writeCommands } from './write.js';

const COMMANDS = new Map<string, Command>(
  Object.entries({
    ...handshakeCommands,
    ...findCommands,
    ...writeCommands,
    ...findAndModifyCommands,
    ...bulkWriteCommands,
    ...aggregateCommands,
    ...collectionCommands,
    ...indexCommands,
    ...explainCommands,
    ...transactionCommands,
  }),
);

/** Commands whose effect is remembered by `txnNumber` outside of transactions. */
const RETRYABLE: ReadonlySet<string> = new Set([
  'insert',
  'update',
  'delete',
  'findAndModify',
  'findandmodify',
  'bulkWrite',
]);

interface Request {
  readonly name: string;
  readonly db: string;
  readonly command: Command;
  readonly args: Arguments;
  /** Identifies the connection, so that its transactions end with it. */
  readonly connection: object;
}

/** Runs commands and gives their answers the common members. */
export class Dispatcher {
  constructor(
    private readonly engine: Engine,
    private readonly logger: Logger,
  ) {}

  /** Never rejects: a failure is an answer too. It resolves when what it tells is on disk. */
  async run(body: Doc, connection: object): Promise<Answer> {
    let request: Request | undefined;
    try {
      request = this.parse(body, connection);
      const answer = await this.execute(request);
      if (this.mustSettle(request)) await this.engine.store.settled();
      return this.complete({ ...answer, ok: new Double(1) });
    } catch (error) {
      return this.complete(await this.failure(error, request));
    }
  }

  connectionClosed(connection: object): void {
    this.engine.sessions.connectionClosed(connection);
  }

  /** Within a transaction nothing counts before the commit, so nothing has to be on disk. */
  private mustSettle({ command, args, name }: Request): boolean {
    return !command.immediate && (!args.has('autocommit') || name === 'commitTransaction');
  }

  private parse(body: Doc, connection: object): Request {
    const [name] = body.keys();
    if (name === undefined) throw new CommandError('FailedToParse', 'empty command');
    const command = COMMANDS.get(name);
    if (!command) throw new CommandError('CommandNotFound', `no such command: '${name}'`);
    const db = body.get('$db');
    if (typeof db !== 'string' || db === '') {
      throw new CommandError('BadValue', 'OP_MSG requests require a $db argument');
    }
    const args = new Arguments(name, body);
    for (const option of body.keys()) {
      if (option === name || command.options.has(option) || GENERIC_OPTIONS.has(option)) continue;
      throw new CommandError(
        'Location40415',
        `BSON field '${name}.${option}' is an unknown field.`,
      );
    }
    checkConcerns(args);
    return { name, db, command, args, connection };
  }

  private execute(request: Request): Promise<Answer> | Answer {
    const { args, command } = request;
    const lsid = args.value('lsid');
    const txnNumber = args.value('txnNumber');
    const session = lsid === undefined ? undefined : this.engine.sessions.get(lsid);
    if (args.has('autocommit')) return this.inTransaction(request, session, txnNumber);
    if (args.has('startTransaction')) {
      throw new CommandError('InvalidOptions', 'startTransaction needs autocommit: false');
    }
    if (TRANSACTION_COMMANDS.has(request.name)) {
      throw new CommandError('InvalidOptions', `${request.name} must be run within a transaction`);
    }
    if (txnNumber === undefined) {
      return command.run(this.context(request, session));
    }
    if (!session || typeof txnNumber !== 'bigint' || !RETRYABLE.has(request.name)) {
      throw new CommandError(
        'InvalidOptions',
        `txnNumber cannot be used with ${request.name} here`,
      );
    }
    return session.serialize(async () => {
      const statements = this.engine.sessions.retryable(session, txnNumber);
      try {
        return await command.run({ ...this.context(request, session), statements });
      } finally {
        statements.save();
      }
    });
  }

  private inTransaction(
    request: Request,
    session: Session | undefined,
    txnNumber: Value | undefined,
  ): Promise<Answer> {
    if (request.args.value('autocommit') !== false) {
      throw new CommandError('InvalidOptions', 'autocommit must be false');
    }
    if (!session || typeof txnNumber !== 'bigint') {
      throw new CommandError('InvalidOptions', 'a transaction needs lsid and txnNumber');
    }
    return session.serialize(() => this.transactionStep(request, session, txnNumber));
  }

  private async transactionStep(
    request: Request,
    session: Session,
    txnNumber: bigint,
  ): Promise<Answer> {
    const { sessions, store } = this.engine;
    session.connection = request.connection;
    if (request.name === 'commitTransaction') {
      sessions.commit(session, txnNumber);
      return {};
    }
    if (request.name === 'abortTransaction') {
      sessions.current(session, txnNumber);
      sessions.abort(session);
      return {};
    }
    if (!request.command.inTransaction) {
      throw new CommandError(
        'OperationNotSupportedInTransaction',
        `Cannot run '${request.name}' in a multi-document transaction.`,
      );
    }
    if (request.args.value('startTransaction') === true) {
      // The snapshot shows only what is on disk.
      await store.settled();
      sessions.begin(session, txnNumber, () => this.engine.openTransaction());
    }
    const transaction = sessions.current(session, txnNumber);
    const context: CommandContext = {
      ...this.context(request, session),
      view: transaction,
      transaction,
      owner: `${session.id}:${String(txnNumber)}`,
    };
    try {
      const answer = await request.command.run(context);
      // MongoDB aborts a transaction in which a statement failed.
      if ('writeErrors' in answer || (answer.nErrors ?? 0) !== 0) sessions.abort(session);
      return answer;
    } catch (error) {
      sessions.abort(session);
      throw error;
    }
  }

  private context(request: Request, session: Session | undefined): CommandContext {
    const { name, db, args } = request;
    return {
      engine: this.engine,
      db,
      name,
      args,
      view: this.engine.newest,
      deadline: new Deadline(args.count('maxTimeMS') ?? 0),
      owner: session?.id ?? '',
    };
  }

  private async failure(error: unknown, request: Request | undefined): Promise<Answer> {
    try {
      // Part of the command may have been written; it counts when it is on disk.
      await this.engine.store.settled();
    } catch {
      // The error at hand tells it.
    }
    const known = asCommandError(error);
    if (known.codeName === 'InternalError') {
      this.logger.error(`${request?.name ?? 'command'} failed: ${describe(error)}`);
    }
    const { labels, fields } = known.details;
    return {
      ok: new Double(0),
      errmsg: known.message,
      code: known.code,
      codeName: known.codeName,
      ...(fields ? Object.fromEntries(fields) : {}),
      ...(labels ? { errorLabels: [...labels] } : {}),
    };
  }

  private complete(answer: Answer): Answer {
    const clusterTime = this.engine.clock.next();
    return {
      ...answer,
      $clusterTime: {
        clusterTime,
        signature: { hash: new Binary(Buffer.alloc(20), 0), keyId: 0n },
      },
      operationTime: clusterTime,
    };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'SQLITE_FULL') return new CommandError('OutOfDiskSpace', 'the disk is full');
  return new CommandError('InternalError', 'the embedded database failed');
}

const READ_LEVELS = new Set(['local', 'majority', 'available', 'snapshot', 'linearizable']);

/** There is one node, so every valid concern is met; an invalid one is still refused. */
function checkConcerns(args: Arguments): void {
  const version = args.optionalString('apiVersion');
  if (version !== undefined && version !== '1') {
    throw new CommandError('APIVersionError', `API version must be "1", not "${version}"`);
  }
  if (args.flag('apiStrict')) throw notImplemented('The option apiStrict');
  const read = args.optionalDocument('readConcern');
  const level = read?.get('level');
  if (level !== undefined && (typeof level !== 'string' || !READ_LEVELS.has(level))) {
    throw new CommandError('FailedToParse', 'Unrecognized readConcern level');
  }
  const w = args.optionalDocument('writeConcern')?.get('w');
  if (w === undefined || w === 'majority') return;
  const number = typeName(w) === 'int' || typeName(w) === 'double' ? (w as Double).value : NaN;
  if (number === 0 || number === 1) return;
  if (Number.isInteger(number)) {
    throw new CommandError('UnknownReplWriteConcern', 'Not enough data-bearing nodes');
  }
  throw new CommandError('UnknownReplWriteConcern', 'No write concern mode named as requested');
}
