import { CommandError, writeConflict } from '../errors.js';
import type { Collection } from '../catalog/catalog.js';
import { prefixRange, type KeyRange } from '../store/key-range.js';
import type { StoreView } from '../store/store-view.js';
import type { Store } from '../store/store.js';
import type { DocumentChange, Entry, StoredDocument, WritableView } from '../store/view.js';
import { Overlay } from './overlay.js';
import type { Holder, WriteLocks } from './write-locks.js';

/**
 * A multi-document transaction: reads come from a snapshot taken at its first command, with its
 * own writes laid over; the writes reach the store together at commit or not at all.
 */
export class Transaction implements Holder, WritableView {
  readonly snapshotSequence: number;
  readonly ended: Promise<void>;
  private finish: () => void = () => undefined;
  private readonly snapshot: StoreView;
  private readonly overlay: Overlay;
  private readonly heldDocuments = new Set<number>();
  private readonly uniqueKeys = new Set<string>();
  private readonly collections = new Set<Collection>();
  private open = true;

  /** Call when nothing waits to be settled: the snapshot is what is on disk. */
  constructor(
    private readonly store: Store,
    private readonly locks: WriteLocks,
    private readonly catalogGeneration: number,
  ) {
    this.ended = new Promise((resolve) => (this.finish = resolve));
    this.snapshot = store.openSnapshot();
    this.overlay = new Overlay(this.snapshot);
    this.snapshotSequence = locks.sequence;
    locks.begin(this);
  }

  /** @throws CommandError SnapshotUnavailable when the collection's indexes changed meanwhile */
  touch(collection: Collection): void {
    if (collection.version > this.catalogGeneration) throw this.catalogChanged(collection);
    this.collections.add(collection);
  }

  claim(rid: number): void {
    this.locks.checkDocument(rid, this);
  }

  claimUnique(key: Buffer): void {
    this.locks.checkUnique(key.toString('latin1'), this);
    // A key that was committed after the snapshot is invisible here, yet taken.
    const range = prefixRange(key);
    if (this.store.newest.countEntries(range) > 0 && this.snapshot.countEntries(range) === 0) {
      throw writeConflict();
    }
  }

  write(change: DocumentChange): void {
    this.claim(change.rid);
    this.heldDocuments.add(change.rid);
    this.locks.holdDocument(change.rid, this);
    for (const key of change.uniqueKeys) {
      const text = key.toString('latin1');
      this.uniqueKeys.add(text);
      this.locks.holdUnique(text, this);
    }
    this.overlay.apply(change);
  }

  /** Writes everything as part of the store's current group. */
  commit(): void {
    for (const collection of this.collections) {
      if (collection.version > this.catalogGeneration && !this.overlay.isEmpty) {
        const error = this.catalogChanged(collection);
        this.abort();
        throw error;
      }
    }
    this.store.mutate(() => {
      for (const change of this.overlay.changes()) {
        this.store.writeChange(change);
        this.locks.committed(change.rid);
      }
      this.store.removeKeys(this.overlay.removedKeys());
    });
    this.close();
  }

  abort(): void {
    this.close();
  }

  get(rid: number): Buffer | undefined {
    return this.overlay.get(rid);
  }

  entries(range: KeyRange, backward: boolean, limit: number): Entry[] {
    return this.overlay.entries(range, backward, limit);
  }

  documents(range: KeyRange, backward: boolean, limit: number): Buffer[] {
    return this.overlay.documents(range, backward, limit);
  }

  get version(): number {
    return this.overlay.version;
  }

  tails(range: KeyRange, skip: number, backward: boolean, limit: number): string[] {
    return this.overlay.tails(range, skip, backward, limit);
  }

  countEntries(range: KeyRange): number {
    return this.overlay.countEntries(range);
  }

  scan(fromRid: number, toRid: number, limit: number): StoredDocument[] {
    return this.overlay.scan(fromRid, toRid, limit);
  }

  private catalogChanged(collection: Collection): CommandError {
    return new CommandError(
      'SnapshotUnavailable',
      `Unable to read from a snapshot due to pending collection catalog changes on ${collection.namespace}; please retry the operation.`,
      { labels: ['TransientTransactionError'] },
    );
  }

  private close(): void {
    if (!this.open) return;
    this.open = false;
    this.locks.end(this, this.heldDocuments, this.uniqueKeys);
    this.store.closeSnapshot(this.snapshot);
    this.finish();
  }
}
