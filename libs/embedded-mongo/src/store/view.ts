import type { KeyRange } from './key-range.js';

/** An index entry with the document it leads to. */
export interface Entry {
  readonly key: Buffer;
  readonly rid: number;
  readonly bson: Buffer;
}

/** A stored document; `bson` must not be changed. */
export interface StoredDocument {
  readonly rid: number;
  readonly bson: Buffer;
}

/** What can be read: the newest state, or the snapshot of a transaction with its own writes. */
export interface View {
  get(rid: number): Buffer | undefined;
  /** Index entries in key order (or backwards), with their documents, at most `limit`. */
  entries(range: KeyRange, backward: boolean, limit: number): Entry[];
  /** Only the documents of the same; the fast way when the caller will not resume. */
  documents(range: KeyRange, backward: boolean, limit: number): Buffer[];
  /**
   * What follows the first `skip` bytes of the keys of index entries, one character a byte, so that
   * strings compare as the keys do; the record id is the end of it. Much cheaper than entries.
   */
  tails(range: KeyRange, skip: number, backward: boolean, limit: number): string[];
  /** Changes whenever something is written that the view shows. */
  readonly version: number;
  countEntries(range: KeyRange): number;
  /** Documents of a collection in insertion order from `fromRid` (inclusive). */
  scan(fromRid: number, toRid: number, limit: number): StoredDocument[];
}

/** How one document and its index entries change. Missing `after` removes the document. */
export interface DocumentChange {
  readonly rid: number;
  readonly after?: Buffer;
  readonly removed: readonly Buffer[];
  readonly added: readonly Buffer[];
  /** Keys of unique indexes (without record id) that this change adds. */
  readonly uniqueKeys: readonly Buffer[];
}

/** A view that can be written to. */
export interface WritableView extends View {
  /** @throws HeldByTransaction or CommandError WriteConflict when somebody else wrote it first */
  write(change: DocumentChange): void;
  /** @throws as `write`, without writing: the document is about to be changed */
  claim(rid: number): void;
  /** @throws as `write` when another transaction holds this key of a unique index */
  claimUnique(key: Buffer): void;
}
