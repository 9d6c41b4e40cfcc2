import { Binary, Doc, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import type { Store } from '../store/store.js';
import { loadSession, saveSession, StatementRecord } from './statement-record.js';
import type { Transaction } from './transaction.js';

/** MongoDB's `transactionLifetimeLimitSeconds`. */
export const TRANSACTION_LIFETIME_MS = 60_000;
/** MongoDB's `localLogicalSessionTimeoutMinutes`; also told in `hello`. */
export const SESSION_TIMEOUT_MINUTES = 30;
const SWEEP_MS = 1000;
const FORGET_EVERY_MS = 5 * 60_000;

type TransactionState = 'none' | 'open' | 'committed' | 'aborted';

/** A logical session of a client: one transaction or one retryable write at a time. */
export class Session {
  txnNumber = -1n;
  state: TransactionState = 'none';
  transaction?: Transaction;
  startedAt = 0;
  /** The connection that spoke last in the transaction; when it goes, the transaction goes. */
  connection?: object;
  lastUsed = Date.now();
  record?: StatementRecord;
  /** Commands of one transaction run one after another. */
  private tail: Promise<unknown> = Promise.resolve();
  running = 0;

  constructor(
    readonly id: string,
    readonly lsid: Buffer,
  ) {}

  serialize<T>(work: () => Promise<T>): Promise<T> {
    this.running++;
    const result = this.tail.then(work).finally(() => this.running--);
    this.tail = result.catch(() => undefined);
    return result;
  }
}

function noSuchTransaction(txnNumber: bigint, why: string): CommandError {
  return new CommandError(
    'NoSuchTransaction',
    `Given transaction number ${String(txnNumber)} does not match any in-progress transactions. ${why}`,
    { labels: ['TransientTransactionError'] },
  );
}

/** All logical sessions, by the bytes of their UUID. */
export class SessionRegistry {
  private readonly sessions = new Map<string, Session>();
  private readonly sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();
  private lastForgotten = Date.now();

  constructor(
    private readonly store: Store,
    /** Cursors of a transaction die with it. */
    private readonly onEnd: (session: Session) => void,
  ) {}

  /** The session that an `lsid` names. @throws CommandError for a malformed one */
  get(lsid: Value): Session {
    const id = lsid instanceof Doc ? lsid.get('id') : undefined;
    if (!(id instanceof Binary) || id.bytes.length !== 16) {
      throw new CommandError('InvalidOptions', 'lsid.id must be a UUID');
    }
    const key = Buffer.from(id.bytes).toString('latin1');
    const known = this.sessions.get(key);
    if (known) {
      known.lastUsed = Date.now();
      return known;
    }
    const session = new Session(key, Buffer.from(id.bytes));
    this.restore(session);
    this.sessions.set(key, session);
    return session;
  }

  /**
   * The record of a retryable write.
   * @throws CommandError TransactionTooOld when the session has moved on
   */
  retryable(session: Session, txnNumber: bigint): StatementRecord {
    this.checkNotOld(session, txnNumber);
    if (session.txnNumber === txnNumber && session.record) return session.record;
    if (session.txnNumber === txnNumber && session.state !== 'none') {
      throw new CommandError(
        'IllegalOperation',
        `txnNumber ${String(txnNumber)} was used for a transaction`,
      );
    }
    this.abort(session);
    session.state = 'none';
    session.txnNumber = txnNumber;
    session.record = new StatementRecord(this.store, session.lsid, txnNumber);
    return session.record;
  }

  /** @throws CommandError TransactionTooOld, IllegalOperation (started twice) */
  begin(session: Session, txnNumber: bigint, open: () => Transaction): Transaction {
    this.checkNotOld(session, txnNumber);
    if (session.txnNumber === txnNumber && (session.state !== 'none' || session.record)) {
      throw new CommandError(
        'IllegalOperation',
        `Transaction ${String(txnNumber)} has already been started`,
      );
    }
    this.abort(session);
    delete session.record;
    session.txnNumber = txnNumber;
    session.state = 'open';
    session.startedAt = Date.now();
    session.transaction = open();
    return session.transaction;
  }

  /** @throws CommandError NoSuchTransaction, TransactionTooOld, TransactionCommitted */
  current(session: Session, txnNumber: bigint): Transaction {
    this.checkNotOld(session, txnNumber);
    if (session.txnNumber !== txnNumber || session.state === 'none') {
      throw noSuchTransaction(
        txnNumber,
        `Active transaction number is ${String(session.txnNumber)}`,
      );
    }
    if (session.state === 'committed') {
      throw new CommandError(
        'TransactionCommitted',
        `Transaction with { txnNumber: ${String(txnNumber)} } has been committed.`,
      );
    }
    if (!session.transaction) throw noSuchTransaction(txnNumber, 'It has been aborted.');
    return session.transaction;
  }

  /** Commits, or confirms a commit that was already made. */
  commit(session: Session, txnNumber: bigint): void {
    if (session.txnNumber === txnNumber && session.state === 'committed') return;
    const transaction = this.current(session, txnNumber);
    delete session.transaction;
    session.state = 'aborted';
    try {
      transaction.commit();
    } finally {
      this.onEnd(session);
    }
    session.state = 'committed';
    saveSession(this.store, session.lsid, txnNumber, new Doc([['committed', true]]));
  }

  /** Aborts the open transaction, if there is one. */
  abort(session: Session): void {
    const { transaction } = session;
    if (!transaction) return;
    delete session.transaction;
    session.state = 'aborted';
    this.onEnd(session);
    transaction.abort();
  }

  /** The client ends a session: its transaction is aborted; a retry may still ask the record. */
  end(session: Session): void {
    this.abort(session);
    this.sessions.delete(session.id);
  }

  connectionClosed(connection: object): void {
    for (const session of this.sessions.values()) {
      if (session.connection === connection && session.transaction) {
        void session.serialize(() => {
          this.abort(session);
          return Promise.resolve();
        });
      }
    }
  }

  sweep(now = Date.now()): void {
    for (const session of [...this.sessions.values()]) {
      if (session.running > 0) continue;
      if (session.transaction && now - session.startedAt > TRANSACTION_LIFETIME_MS) {
        this.abort(session);
      }
      const idle = now - session.lastUsed;
      if (!session.transaction && idle > SESSION_TIMEOUT_MINUTES * 60_000) {
        this.sessions.delete(session.id);
      }
    }
    if (now - this.lastForgotten > FORGET_EVERY_MS) {
      this.lastForgotten = now;
      const limit = Math.floor(now / 1000) - SESSION_TIMEOUT_MINUTES * 60;
      this.store.mutate(() => this.store.sessionStatements.forget.run(limit));
    }
  }

  close(): void {
    clearInterval(this.sweeper);
    for (const session of this.sessions.values()) this.abort(session);
  }

  private checkNotOld(session: Session, txnNumber: bigint): void {
    if (txnNumber < session.txnNumber) {
      throw new CommandError(
        'TransactionTooOld',
        `Cannot start transaction ${String(txnNumber)} on session because a newer transaction with txnNumber ${String(session.txnNumber)} has already started.`,
      );
    }
  }

  private restore(session: Session): void {
    const saved = loadSession(this.store, session.lsid);
    if (!saved) return;
    session.txnNumber = saved.txnNumber;
    if (saved.record.get('committed') === true) session.state = 'committed';
    else {
      session.record = new StatementRecord(this.store, session.lsid, saved.txnNumber, saved.record);
    }
  }
}
