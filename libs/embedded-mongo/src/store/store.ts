import BetterSqlite3 from 'better-sqlite3';
import { sqliteCode } from './error-code.js';
import { StoreReader, type Statement } from './statements.js';
import type { DocumentChange, View } from './view.js';

const READER_CACHE_KIB = 1024;
const WRITER_CACHE_KIB = 8192;
const IDLE_READERS = 4;

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
  private group: { readonly done: Promise<void>; settle: (failure?: Error) => void } | undefined;
  private failure: Error | undefined;
  /** How often something was written. */
  writes = 0;
  private readonly statements: Readonly<
    Record<'putDocument' | 'removeDocument' | 'addKey' | 'removeKey', Statement>
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
    this.newest = new StoreReader(this.database);
    const prepare = (sql: string) => this.database.prepare(sql);
    this.statements = {
      putDocument: prepare('INSERT OR REPLACE INTO docs (rid, bson) VALUES (?, ?)'),
      removeDocument: prepare('DELETE FROM docs WHERE rid = ?'),
      addKey: prepare('INSERT OR REPLACE INTO idx (key, rid) VALUES (?, ?)'),
      removeKey: prepare('DELETE FROM idx WHERE key = ?'),
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
      const { putDocument, removeDocument, addKey, removeKey } = this.statements;
      if (after) putDocument.run(rid, after);
      else removeDocument.run(rid);
      for (const key of removed) removeKey.run(key);
      for (const key of added) addKey.run(key, rid);
    });
  }

  addEntries(keys: readonly Buffer[], rid: number): void {
    this.mutate(() => {
      for (const key of keys) this.statements.addKey.run(key, rid);
    });
  }

  removeKeys(keys: Iterable<Buffer>): void {
    this.mutate(() => {
      for (const key of keys) this.statements.removeKey.run(key);
    });
  }

  /** Resolves when everything written so far is on disk; undefined when it already is. */
  settled(): Promise<void> | undefined {
    return this.group?.done;
  }

  /** A connection whose reads stay as they are now. Call only when nothing is waiting to settle. */
  openSnapshot(): StoreReader {
    if (this.group) this.flush();
    const reader = this.readers.pop() ?? this.openReader();
    reader.database.exec('BEGIN');
    // SQLite takes the snapshot at the first read, not at BEGIN.
    reader.get(0);
    return reader;
  }

  closeSnapshot(reader: StoreReader): void {
    reader.database.exec('ROLLBACK');
    if (this.readers.length < IDLE_READERS) this.readers.push(reader);
    else reader.database.close();
  }

  close(): void {
    if (this.group) this.flush();
    for (const reader of this.readers) reader.database.close();
    this.readers.length = 0;
    this.database.close();
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
