import BetterSqlite3 from 'better-sqlite3';
import { sqliteCode } from './error-code.js';
import { recordOf } from './key-range.js';
import { PendingList } from './pending-entries.js';
import { StoreReader, type Statement } from './statements.js';
import { StoreView } from './store-view.js';
import type { DocumentChange, View } from './view.js';

const READER_CACHE_KIB = 1024;
const WRITER_CACHE_KIB = 8192;
/** Opening one costs more than a short transaction, and a driver opens many transactions at once. */
const IDLE_READERS = 16;
/** A document that adds so many index entries at once changes about as many pages of the index. */
const SCATTERED_KEYS = 12;
/** So many entries are gathered before they are put into the index; some two megabytes. */
const MOST_GATHERED = 16_384;
/** Beside each group at least so many are put in, and twice as many as the group has brought. */
const LEAST_DRAINED = 128;

/**
 * The database file. Everything that is written between two turns of the event loop is one SQLite
 * transaction: `settled()` resolves when it is on disk, and no answer leaves before. A failure of
 * SQLite (full disk, I/O) undoes the whole group and is fatal: `onFailure` is told, and every
 * waiting command fails, so that nothing unsaved was ever acknowledged.
 */
export class Store {
  readonly newest: View;
  private readonly database: BetterSqlite3.Database;
  private readonly readers: StoreReader[] = [];
  private readonly pending = new PendingList();
  /** Of the documents whose entries are being gathered; those that drain have the one before. */
  private generation = 1;
  /** How many entries the group has left to be put in later. */
  private postponedInGroup = 0;
  private group: { readonly done: Promise<void>; settle: (failure?: Error) => void } | undefined;
  private failure: Error | undefined;
  /** How often something was written. */
  writes = 0;
  private readonly statements: Readonly<
    Record<
      | 'putDocument'
      | 'removeDocument'
      | 'addKey'
      | 'removeKey'
      | 'notePending'
      | 'forgetPending'
      | 'pendingRecords',
      Statement
    >
  >;
  /** Reading and writing the records of retryable writes. */
  readonly sessionStatements: Readonly<Record<'save' | 'load' | 'forget', Statement>>;

  constructor(
    private readonly file: string,
    private readonly onFailure: (error: Error) => void,
  ) {
    this.database = new BetterSqlite3(file);
    // Set for each connection: this build of SQLite would only sync at checkpoints in WAL mode.
    this.database.pragma('synchronous = FULL');
    this.database.pragma(`cache_size = -${WRITER_CACHE_KIB}`);
    this.newest = new StoreView(new StoreReader(this.database), () => this.pending.entries);
    const prepare = (sql: string) => this.database.prepare(sql);
    this.statements = {
      putDocument: prepare('INSERT OR REPLACE INTO docs (rid, bson) VALUES (?, ?)'),
      removeDocument: prepare('DELETE FROM docs WHERE rid = ?'),
      addKey: prepare('INSERT OR REPLACE INTO idx (key, rid) VALUES (?, ?)'),
      removeKey: prepare('DELETE FROM idx WHERE key = ?'),
      notePending: prepare('INSERT OR IGNORE INTO unindexed (generation, rid) VALUES (?, ?)'),
      forgetPending: prepare('DELETE FROM unindexed WHERE generation <= ?'),
      pendingRecords: prepare('SELECT DISTINCT rid FROM unindexed ORDER BY rid').pluck(),
    };
    this.sessionStatements = {
      save: prepare(
        'INSERT OR REPLACE INTO sessions (lsid, txn, record, used) VALUES (?, ?, ?, ?)',
      ),
      load: prepare('SELECT txn, record FROM sessions WHERE lsid = ?').safeIntegers(),
      forget: prepare('DELETE FROM sessions WHERE used < ?'),
    };
  }

  /** The connection, for the catalogue and the session records. Reads only outside of `mutate`. */
  get connection(): BetterSqlite3.Database {
    return this.database;
  }

  /** Runs a write as part of the current group. */
  mutate<T>(work: () => T): T {
    if (this.failure) throw this.failure;
    try {
      if (!this.group) this.openGroup();
      this.writes++;
      return work();
    } catch (error) {
      if (sqliteCode(error) !== undefined) this.fail(error as Error);
      throw error;
    }
  }

  writeChange({ rid, after, removed, added }: DocumentChange): void {
    this.mutate(() => {
      const { putDocument, removeDocument, addKey } = this.statements;
      if (after) putDocument.run(rid, after);
      else removeDocument.run(rid);
      this.removeKeys(removed);
      if (added.length >= SCATTERED_KEYS) this.postpone(added, rid);
      else for (const key of added) addKey.run(key, rid);
    });
  }

  addEntries(keys: readonly Buffer[], rid: number): void {
    this.mutate(() => {
      for (const key of keys) this.statements.addKey.run(key, rid);
    });
  }

  removeKeys(keys: Iterable<Buffer>): void {
    this.mutate(() => {
      const { removeKey } = this.statements;
      if (this.pending.entries.isEmpty) {
        for (const key of keys) removeKey.run(key);
        return;
      }
      const texts = Array.from(keys, (key) => key.toString('latin1'));
      for (const key of this.pending.remove(texts)) removeKey.run(Buffer.from(key, 'latin1'));
    });
  }

  /** Puts every entry that is pending into the index, before somebody changes the index as such. */
  indexPending(): void {
    if (this.pending.entries.isEmpty) return;
    this.mutate(() => {
      this.drain(Infinity);
      this.drain(Infinity);
    });
  }

  /**
   * The documents whose entries a process that was killed had not put into the index yet. Some of
   * them may be gone, and some entries there.
   */
  recordsLeftBehind(): number[] {
    return this.statements.pendingRecords.all() as number[];
  }

  /** Call when all entries of these documents are in the index. */
  forgetLeftBehind(): void {
    this.mutate(() => this.statements.forgetPending.run(Number.MAX_SAFE_INTEGER));
  }

  /** Resolves when everything written so far is on disk; undefined when it already is. */
  settled(): Promise<void> | undefined {
    return this.group?.done;
  }

  /** A connection whose reads stay as they are now. Call only when nothing is waiting to settle. */
  openSnapshot(): StoreView {
    if (this.group) this.flush();
    const reader = this.readers.pop() ?? this.openReader();
    reader.database.exec('BEGIN');
    // SQLite takes the snapshot at the first read, not at BEGIN.
    reader.get(0);
    const { entries } = this.pending;
    return new StoreView(reader, () => entries);
  }

  closeSnapshot({ reader }: StoreView): void {
    reader.database.exec('ROLLBACK');
    if (this.readers.length < IDLE_READERS) this.readers.push(reader);
    else reader.database.close();
  }

  close(): void {
    if (!this.failure) this.indexPending();
    if (this.group) this.flush();
    for (const reader of this.readers) reader.database.close();
    this.readers.length = 0;
    this.database.close();
  }

  private postpone(keys: readonly Buffer[], rid: number): void {
    this.statements.notePending.run(this.generation, rid);
    this.pending.add(keys.map((key) => key.toString('latin1')));
    this.postponedInGroup += keys.length;
  }

  /** Puts the next entries into the index where enough are pending: as part of the open group. */
  private drainSome(): void {
    const count = Math.max(LEAST_DRAINED, 2 * this.postponedInGroup);
    this.postponedInGroup = 0;
    if (this.pending.isDraining || this.pending.gatheredCount >= MOST_GATHERED) this.drain(count);
  }

  private drain(atMost: number): void {
    if (!this.pending.isDraining) {
      this.pending.drain();
      this.generation++;
    }
    const { addKey, forgetPending } = this.statements;
    for (const key of this.pending.take(atMost)) {
      addKey.run(Buffer.from(key, 'latin1'), recordOf(key));
    }
    if (!this.pending.isDraining) forgetPending.run(this.generation - 1);
  }

  private openReader(): StoreReader {
    const database = new BetterSqlite3(this.file, { readonly: true });
    database.pragma(`cache_size = -${READER_CACHE_KIB}`);
    return new StoreReader(database);
  }

  private openGroup(): void {
    this.database.exec('BEGIN IMMEDIATE');
    let settle: (failure?: Error) => void = () => undefined;
    const done = new Promise<void>((resolve, reject) => {
      settle = (failure) => {
        if (failure === undefined) resolve();
        else reject(failure);
      };
    });
    // Nobody may be waiting (a sweep): a failure is reported through `onFailure` all the same.
    done.catch(() => undefined);
    this.group = { done, settle };
    setImmediate(() => this.flush());
  }

  private flush(): void {
    const { group } = this;
    if (!group) return;
    try {
      this.drainSome();
      this.database.exec('COMMIT');
      this.group = undefined;
      group.settle();
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private fail(error: Error): void {
    const { group } = this;
    this.failure = error;
    this.group = undefined;
    if (this.database.inTransaction) {
      try {
        this.database.exec('ROLLBACK');
      } catch {
        // The file is left to SQLite's recovery at the next start.
      }
    }
    group?.settle(error);
    this.onFailure(error);
  }
}
