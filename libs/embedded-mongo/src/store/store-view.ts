import type { KeyRange } from './key-range.js';
import { recordOf } from './key-range.js';
import { mergeSorted, type PendingEntries } from './pending-entries.js';
import type { StoreReader } from './statements.js';
import type { Entry, StoredDocument, View } from './view.js';

/** What a connection reads, with the index entries that are not in the index yet. */
export class StoreView implements View {
  /** A snapshot never changes; the newest state has its version from the store. */
  readonly version = 0;

  /** @param pending gives those that belong to what the connection reads */
  constructor(
    readonly reader: StoreReader,
    private readonly pending: () => PendingEntries,
  ) {}

  get(rid: number): Buffer | undefined {
    return this.reader.get(rid);
  }

  entries(range: KeyRange, backward: boolean, limit: number): Entry[] {
    const stored = this.reader.entries(range, backward, limit);
    const pending = this.pendingIn(range, backward, limit);
    if (pending.length === 0) return stored;
    const sign = backward ? -1 : 1;
    return [...stored, ...pending.flatMap((key) => this.entryOf(key))]
      .sort((a, b) => sign * Buffer.compare(a.key, b.key))
      .slice(0, limit);
  }

  documents(range: KeyRange, backward: boolean, limit: number): Buffer[] {
    if (this.pendingIn(range, backward, 1).length === 0) {
      return this.reader.documents(range, backward, limit);
    }
    return this.entries(range, backward, limit).map(({ bson }) => bson);
  }

  tails(range: KeyRange, skip: number, backward: boolean, limit: number): string[] {
    const stored = this.reader.tails(range, skip, backward, limit);
    const pending = this.pendingIn(range, backward, limit);
    if (pending.length === 0) return stored;
    const own = pending.map((key) => key.slice(skip));
    return [...mergeSorted(stored, own, backward, limit)];
  }

  countEntries(range: KeyRange): number {
    const count = this.reader.countEntries(range);
    const pending = this.pending();
    if (pending.isEmpty) return count;
    return count + pending.countBetween(text(range.from), text(range.to));
  }

  scan(fromRid: number, toRid: number, limit: number): StoredDocument[] {
    return this.reader.scan(fromRid, toRid, limit);
  }

  private pendingIn({ from, to }: KeyRange, backward: boolean, limit: number): readonly string[] {
    const pending = this.pending();
    return pending.isEmpty ? [] : pending.between(text(from), text(to), backward, limit);
  }

  private entryOf(key: string): Entry[] {
    const rid = recordOf(key);
    const bson = this.reader.get(rid);
    return bson ? [{ key: Buffer.from(key, 'latin1'), rid, bson }] : [];
  }
}

/** Latin-1 keeps one character a byte, so strings compare as the keys do. */
function text(key: Buffer): string {
  return key.toString('latin1');
}
