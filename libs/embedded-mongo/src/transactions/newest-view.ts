import type { KeyRange } from '../store/key-range.js';
import type { Store } from '../store/store.js';
import type { DocumentChange, Entry, StoredDocument, View, WritableView } from '../store/view.js';
import type { WriteLocks } from './write-locks.js';

/** Reads and writes outside of transactions. */
export class NewestView implements WritableView {
  private readonly view: View;

  constructor(
    private readonly store: Store,
    private readonly locks: WriteLocks,
  ) {
    this.view = store.newest;
  }

  claim(rid: number): void {
    this.locks.checkDocument(rid);
  }

  claimUnique(key: Buffer): void {
    this.locks.checkUnique(key.toString('latin1'));
  }

  write(change: DocumentChange): void {
    this.claim(change.rid);
    this.store.writeChange(change);
    this.locks.committed(change.rid);
  }

  get(rid: number): Buffer | undefined {
    return this.view.get(rid);
  }

  entries(range: KeyRange, backward: boolean, limit: number): Entry[] {
    return this.view.entries(range, backward, limit);
  }

  documents(range: KeyRange, backward: boolean, limit: number): Buffer[] {
    return this.view.documents(range, backward, limit);
  }

  get version(): number {
    return this.store.writes;
  }

  tails(range: KeyRange, skip: number, backward: boolean, limit: number): string[] {
    return this.view.tails(range, skip, backward, limit);
  }

  countEntries(range: KeyRange): number {
    return this.view.countEntries(range);
  }

  scan(fromRid: number, toRid: number, limit: number): StoredDocument[] {
    return this.view.scan(fromRid, toRid, limit);
  }
}
