import { decodeDocument } from '../bson/decode.js';
import { encodeDocument } from '../bson/encode.js';
import { Doc } from '../bson/values.js';
import type { Store } from '../store/store.js';

/**
 * What the statements of one retryable write (session and txnNumber) have answered. It is written
 * in the same group as their effects, so a retry after a crash never writes twice.
 */
export class StatementRecord {
  private changed = false;
  private results: Doc;

  constructor(
    private readonly store: Store,
    private readonly lsid: Buffer,
    readonly txnNumber: bigint,
    results: Doc = new Doc(),
  ) {
    this.results = results;
  }

  /** The earlier result of a statement. */
  resultOf(statement: number): Doc | undefined {
    const result = this.results.get(String(statement));
    return result instanceof Doc ? result : undefined;
  }

  note(statement: number, result: Doc): void {
    this.results.set(String(statement), result);
    this.changed = true;
  }

  /** Writes the record as part of the store's current group. */
  save(): void {
    if (!this.changed) return;
    this.changed = false;
    saveSession(this.store, this.lsid, this.txnNumber, this.results);
  }
}

/** The highest txnNumber seen of a session, with what it has done; -1n txn results are none. */
export interface SavedSession {
  readonly txnNumber: bigint;
  readonly record: Doc;
}

export function saveSession(store: Store, lsid: Buffer, txnNumber: bigint, record: Doc): void {
  const bytes = encodeDocument(record);
  store.mutate(() =>
    store.sessionStatements.save.run(lsid, txnNumber, bytes, Math.floor(Date.now() / 1000)),
  );
}

export function loadSession(store: Store, lsid: Buffer): SavedSession | undefined {
  const row = store.sessionStatements.load.get(lsid) as { txn: bigint; record: Buffer } | undefined;
  return row && { txnNumber: row.txn, record: decodeDocument(row.record) };
}
