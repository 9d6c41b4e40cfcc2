import { SortedTexts } from './sorted-texts.js';
import type { KeyRange } from '../store/key-range.js';
import type { DocumentChange, Entry, StoredDocument, View } from '../store/view.js';

/** Latin-1 keeps one character a byte, so strings compare as the keys do. */
function text(key: Buffer): string {
  return key.toString('latin1');
}

/** What a transaction has written and nobody else sees yet, merged into reads of its snapshot. */
export class Overlay implements View {
  /** The newest bytes of every document written; undefined when removed. */
  private readonly written = new Map<number, Buffer | undefined>();
  private readonly added = new Map<string, number>();
  private readonly addedKeys = new SortedTexts();
  private readonly removed = new SortedTexts();
  version = 0;

  constructor(private readonly snapshot: View) {}

  get isEmpty(): boolean {
    return this.written.size === 0;
  }

  apply(change: DocumentChange): void {
    this.version++;
    this.written.set(change.rid, change.after);
    for (const key of change.removed) this.removeKey(text(key));
    for (const key of change.added) this.addKey(text(key), change.rid);
  }

  /** Everything written, as one change a document, for the commit. */
  *changes(): Generator<DocumentChange> {
    const added = groupByRecord(this.added);
    for (const [rid, after] of this.written) {
      yield {
        rid,
        ...(after ? { after } : {}),
        removed: [],
        added: added.get(rid) ?? [],
        uniqueKeys: [],
      };
    }
  }

  *removedKeys(): Generator<Buffer> {
    for (const key of this.removed.all()) yield Buffer.from(key, 'latin1');
  }

  get(rid: number): Buffer | undefined {
    return this.written.has(rid) ? this.written.get(rid) : this.snapshot.get(rid);
  }

  entries(range: KeyRange, backward: boolean, limit: number): Entry[] {
    if (this.isEmpty) return this.snapshot.entries(range, backward, limit);
    const stored = this.storedEntries(range, backward, limit);
    const own = this.ownEntries(range);
    if (own.length === 0) return stored.slice(0, limit);
    const sign = backward ? -1 : 1;
    const merged = [...stored, ...own].sort((a, b) => sign * Buffer.compare(a.key, b.key));
    return merged.slice(0, limit);
  }

  documents(range: KeyRange, backward: boolean, limit: number): Buffer[] {
    if (this.isEmpty) return this.snapshot.documents(range, backward, limit);
    return this.entries(range, backward, limit).map((entry) => entry.bson);
  }

  countEntries(range: KeyRange): number {
    const from = text(range.from);
    const to = text(range.to);
    if (this.isEmpty) return this.snapshot.countEntries(range);
    const added = this.addedKeys.countBetween(from, to);
    return this.snapshot.countEntries(range) + added - this.removed.countBetween(from, to);
  }

  tails(range: KeyRange, skip: number, backward: boolean, limit: number): string[] {
    if (this.isEmpty) return this.snapshot.tails(range, skip, backward, limit);
    const from = text(range.from);
    const to = text(range.to);
    const removed = this.removed.countBetween(from, to);
    const stored = this.snapshot.tails(range, skip, backward, limit + removed);
    const prefix = from.slice(0, skip);
    const kept = removed > 0 ? stored.filter((tail) => !this.removed.has(prefix + tail)) : stored;
    const own = [...this.addedKeys.between(from, to)].map((key) => key.slice(skip));
    if (own.length === 0) return kept.slice(0, limit);
    const merged = [...kept, ...own].sort();
    return (backward ? merged.reverse() : merged).slice(0, limit);
  }

  scan(fromRid: number, toRid: number, limit: number): StoredDocument[] {
    if (this.isEmpty) return this.snapshot.scan(fromRid, toRid, limit);
    const stored = this.snapshot.scan(fromRid, toRid, limit);
    // A full page ends at its last record: own records beyond it belong to a later page.
    const last = stored.at(-1);
    const end = stored.length < limit || !last ? toRid : last.rid + 1;
    const rows = stored.filter(({ rid }) => !this.written.has(rid));
    for (const [rid, bson] of this.written) {
      if (bson && rid >= fromRid && rid < end) rows.push({ rid, bson });
    }
    rows.sort((a, b) => a.rid - b.rid);
    // An empty page would look like the end although everything on it was removed.
    return rows.length === 0 && end < toRid ? this.scan(end, toRid, limit) : rows;
  }

  private storedEntries(range: KeyRange, backward: boolean, limit: number): Entry[] {
    // Removed entries may fill the page, so as many more are read.
    const removed = this.removed.countBetween(text(range.from), text(range.to));
    const stored = this.snapshot.entries(range, backward, limit + removed);
    const kept: Entry[] = [];
    for (const entry of stored) {
      if (removed > 0 && this.removed.has(text(entry.key))) continue;
      const bson = this.get(entry.rid);
      if (bson) kept.push(bson === entry.bson ? entry : { ...entry, bson });
    }
    return kept;
  }

  private ownEntries(range: KeyRange): Entry[] {
    const found: Entry[] = [];
    for (const key of this.addedKeys.between(text(range.from), text(range.to))) {
      const rid = this.added.get(key) ?? -1;
      const bson = this.written.get(rid);
      if (bson) found.push({ key: Buffer.from(key, 'latin1'), rid, bson });
    }
    return found;
  }

  private addKey(key: string, rid: number): void {
    if (this.removed.delete(key)) return;
    if (this.added.has(key)) return;
    this.added.set(key, rid);
    this.addedKeys.add(key);
  }

  private removeKey(key: string): void {
    if (this.added.delete(key)) this.addedKeys.delete(key);
    else this.removed.add(key);
  }
}

function groupByRecord(keys: ReadonlyMap<string, number>): Map<number, Buffer[]> {
  const grouped = new Map<number, Buffer[]>();
  for (const [key, rid] of keys) {
    const list = grouped.get(rid);
    const bytes = Buffer.from(key, 'latin1');
    if (list) list.push(bytes);
    else grouped.set(rid, [bytes]);
  }
  return grouped;
}
