import type { Encodable } from '../bson/encode.js';
import type { Collection } from '../catalog/catalog.js';
import type { Deadline } from '../cursors/deadline.js';
import type { Engine } from '../engine.js';
import { CommandError, HeldByTransaction } from '../errors.js';
import type { WritableView } from '../store/view.js';
import type { StatementRecord } from '../transactions/statement-record.js';
import type { Transaction } from '../transactions/transaction.js';
import type { Arguments } from './arguments.js';

/** An answer without `ok`, `operationTime` and `$clusterTime`. */
export type Answer = Readonly<Record<string, Encodable>>;

/** What a command works on. */
export interface CommandContext {
  readonly engine: Engine;
  readonly db: string;
  readonly name: string;
  readonly args: Arguments;
  /** The newest state, or the transaction that the command belongs to. */
  readonly view: WritableView;
  readonly transaction?: Transaction;
  readonly deadline: Deadline;
  /** What a retryable write has already done. */
  readonly statements?: StatementRecord;
  /** Names the session and transaction for the cursors opened here. */
  readonly owner: string;
}

export interface Command {
  /** Members besides those that every command has. */
  readonly options: ReadonlySet<string>;
  readonly inTransaction?: boolean;
  /** Answers without waiting for anybody's writes to be on disk. */
  readonly immediate?: boolean;
  readonly run: (context: CommandContext) => Answer | Promise<Answer>;
}

/** Members that every command may have and what becomes of them. */
export const GENERIC_OPTIONS: ReadonlySet<string> = new Set([
  // A remark of the caller; says nothing to us.
  'comment',
  '$db',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'maxTimeMS',
  // Checked, and met by every read and write here: there is one node, and it syncs every write.
  'readConcern',
  'writeConcern',
  '$readPreference',
  // Gossip between members of a cluster, of which there is one.
  '$clusterTime',
  // Versioned API: only version 1 without strictness.
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]);

/** The collection that a command names in its first member. */
export function collectionName(context: CommandContext): string {
  return context.args.string(context.name);
}

/** Finds the collection and makes it part of the transaction, if there is one. */
export function findCollection(context: CommandContext, name: string): Collection | undefined {
  const collection = context.engine.catalog.find(context.db, name);
  if (collection) context.transaction?.touch(collection);
  return collection;
}

/** As `findCollection`, creating it when it is not there (also inside a transaction). */
export function ensureCollection(context: CommandContext, db: string, name: string): Collection {
  const collection = context.engine.catalog.ensure(db, name);
  context.transaction?.touch(collection);
  return collection;
}

/**
 * Runs a write outside of transactions again and again until no open transaction holds what it
 * needs; inside of one, a conflict is thrown at once.
 */
export async function untilFree<T>(context: CommandContext, attempt: () => T): Promise<T> {
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof HeldByTransaction)) throw error;
      // What was done so far is remembered with the group it is written in.
      context.statements?.save();
      await waitFor(error.released, context.deadline);
    }
  }
}

async function waitFor(released: Promise<void>, deadline: Deadline): Promise<void> {
  const limit = deadline.remainingMs;
  if (limit === Infinity) return released;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(0, limit))));
  await Promise.race([released, expired]);
  clearTimeout(timer);
  deadline.check();
}

/** @throws CommandError InvalidOptions for a collation other than the binary one we sort by */
export function refuseCollation(args: Arguments): void {
  const collation = args.optionalDocument('collation');
  if (collation && collation.get('locale') !== 'simple') {
    throw new CommandError(
      'NotImplemented',
      'Collations other than simple are not supported by the embedded database',
    );
  }
}
