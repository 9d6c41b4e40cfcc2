import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { StartError } from '../errors.js';
import { createFolder } from './create-folder.js';
import { errorCode, sqliteCode } from './error-code.js';

/** "chat" in ASCII, kept in the header of the file: it tells our files from other SQLite files. */
const APPLICATION_ID = 0x63686174;
/**
 * Raised with every change of the tables, of the key encoding, or of what they mean. Format 2 tells
 * in `indexes.multikey` which paths hold arrays (0 and 1 mean what they meant in format 1: none, and
 * any), which an older version would misread. Format 3 has `unindexed`, the documents whose entries
 * may not be in the index yet, which an older version would miss.
 */
export const FORMAT_VERSION = 3;

/** A larger file is not read through at every start; SQLite still checks each page it uses. */
const FULLY_CHECKED_BYTES = 32 * 1024 * 1024;

/**
 * How long a start waits for the folder, in milliseconds: a server that is started again right after
 * its parent was killed meets its predecessor, which is about to end.
 */
const LOCK_WAIT_MS = 2_000;

/** Since format 3. */
const UNINDEXED = `
  CREATE TABLE IF NOT EXISTS unindexed (
    generation INTEGER NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (generation, rid)
  ) WITHOUT ROWID;
`;

const SCHEMA = `
  CREATE TABLE collections (
    id INTEGER PRIMARY KEY, db TEXT NOT NULL, name TEXT NOT NULL, uuid BLOB NOT NULL,
    options BLOB NOT NULL, UNIQUE (db, name)
  );
  CREATE TABLE indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, spec BLOB NOT NULL,
    multikey INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE docs (rid INTEGER PRIMARY KEY, bson BLOB NOT NULL);
  CREATE TABLE idx (key BLOB PRIMARY KEY, rid INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE sessions (
    lsid BLOB PRIMARY KEY, txn INTEGER NOT NULL, record BLOB NOT NULL, used INTEGER NOT NULL
  ) WITHOUT ROWID;
  ${UNINDEXED}
`;

/** The folder of the engine: private, and locked while it is open. */
export interface Folder {
  readonly path: string;
  readonly databaseFile: string;
  release(): void;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Creates the folder `mongodb` in the data directory and locks it. The lock is SQLite's own on a
 * second file, which the system drops when the process dies, however it dies.
 * @throws StartError when it cannot be created or another process holds it
 */
export function openFolder(dataDir: string): Folder {
  const path = join(dataDir, 'mongodb');
  try {
    createFolder(path);
    chmodSync(path, 0o700);
  } catch (error) {
    throw new StartError(`The data directory ${dataDir} cannot be used: ${reason(error)}`);
  }
  const lock = lockFolder(path, dataDir);
  return {
    path,
    databaseFile: join(path, 'data.sqlite'),
    release: () => {
      rmSync(join(path, 'pid'), { force: true });
      lock.close();
    },
  };
}

function lockFolder(path: string, dataDir: string): BetterSqlite3.Database {
  let lock: BetterSqlite3.Database | undefined;
  try {
    lock = new BetterSqlite3(join(path, 'lock.sqlite'), { timeout: LOCK_WAIT_MS });
    chmodSync(join(path, 'lock.sqlite'), 0o600);
    lock.exec('BEGIN EXCLUSIVE');
    writeFileSync(join(path, 'pid'), `${process.pid}\n`, { mode: 0o600 });
    return lock;
  } catch (error) {
    lock?.close();
    if (sqliteCode(error) === 'SQLITE_BUSY') {
      throw new StartError(
        `The data directory ${dataDir} is in use by another process (pid ${holder(path)})`,
      );
    }
    throw storageError(error, `The data directory ${dataDir}`);
  }
}

function holder(path: string): string {
  try {
    return readFileSync(join(path, 'pid'), 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Turns a failure of the file system or of SQLite into the one line for the person. */
export function storageError(error: unknown, what: string): StartError {
  if (error instanceof StartError) return error;
  const code = errorCode(error) ?? '';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return new StartError(`${what}: the disk is full`);
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new StartError(`${what} is damaged or not a database (${reason(error)})`);
  }
  return new StartError(`${what} cannot be used: ${reason(error)}`);
}

/**
 * Creates or checks the database file, before the engine opens it.
 * @throws StartError when it is corrupt, foreign, written by a newer version, or the disk is full
 */
export function prepareDatabase(file: string): void {
  let database: BetterSqlite3.Database | undefined;
  try {
    database = new BetterSqlite3(file);
    chmodSync(file, 0o600);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    checkFormat(database, file);
    if (statSync(file).size > FULLY_CHECKED_BYTES) return;
    const [result] = database.pragma('quick_check(1)') as { quick_check: string }[];
    if (result?.quick_check !== 'ok') {
      throw new StartError(`The database file ${file} is damaged (${result?.quick_check ?? ''})`);
    }
  } catch (error) {
    throw storageError(error, `The database file ${file}`);
  } finally {
    database?.close();
  }
}

function checkFormat(database: BetterSqlite3.Database, file: string): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  const application = database.pragma('application_id', { simple: true }) as number;
  if (version === 0 && application === 0) {
    const tables = database.prepare('SELECT count(*) FROM sqlite_master').pluck().get() as number;
    if (tables > 0) throw new StartError(`The file ${file} belongs to another program`);
    database.exec('BEGIN IMMEDIATE');
    database.exec(SCHEMA);
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${FORMAT_VERSION}`);
    database.exec('COMMIT');
    return;
  }
  if (application !== APPLICATION_ID) {
    throw new StartError(`The file ${file} belongs to another program`);
  }
  if (version > FORMAT_VERSION) {
    throw new StartError(
      `The database file ${file} was written by a newer version (format ${version}, this one reads up to ${FORMAT_VERSION})`,
    );
  }
  if (version < FORMAT_VERSION) {
    database.exec('BEGIN IMMEDIATE');
    database.exec(UNINDEXED);
    database.pragma(`user_version = ${FORMAT_VERSION}`);
    database.exec('COMMIT');
  }
}
