import { decodeDocument } from '../bson/decode.js';
import { HeldByTransaction } from '../errors.js';
import { nextTurn } from '../cursors/deadline.js';
import { boundsOf } from '../planner/bounds.js';
import type { KeyRange } from '../store/key-range.js';
import type { WritableView } from '../store/view.js';
import type { Catalog, Collection } from './catalog.js';
import type { DocumentWriter } from './document-writer.js';
import type { Index } from './index-definition.js';

/** How often expired documents are looked for, as in MongoDB. */
const SWEEP_MS = 60_000;
const PAGE = 200;

/** Removes documents whose TTL index says that their time is over. */
export class ExpirySweeper {
  private readonly timer = setInterval(() => void this.sweep(), SWEEP_MS).unref();
  private stopped = false;

  constructor(
    private readonly catalog: Catalog,
    private readonly view: WritableView,
    private readonly writer: DocumentWriter,
  ) {}

  /** @returns how many documents were removed */
  async sweep(now = Date.now()): Promise<number> {
    let removed = 0;
    for (const collection of [...this.catalog.all()]) {
      for (const index of collection.indexes) {
        if (index.expireAfterSeconds === undefined) continue;
        const cutoff = new Date(now - index.expireAfterSeconds * 1000);
        removed += await this.sweepIndex(collection, index, cutoff);
      }
    }
    return removed;
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** Only dates expire: the range of the index holds no other type. */
  private async sweepIndex(collection: Collection, index: Index, cutoff: Date): Promise<number> {
    const range = expiredRange(index, cutoff);
    let removed = 0;
    // What a transaction holds stays for the next sweep, so a page of it must not be read again.
    const held = new Set<number>();
    while (range && !this.stopped && collection.indexes.includes(index)) {
      const entries = this.view
        .entries(range, false, PAGE + held.size)
        .filter(({ rid }) => !held.has(rid));
      if (entries.length === 0) break;
      for (const { rid } of entries) {
        if (this.removeUnlessHeld(collection, rid)) removed++;
        else held.add(rid);
      }
      await nextTurn();
    }
    return removed;
  }

  private removeUnlessHeld(collection: Collection, rid: number): boolean {
    const bson = this.view.get(rid);
    if (!bson) return false;
    try {
      this.writer.remove(this.view, collection, rid, decodeDocument(bson));
      return true;
    } catch (error) {
      if (error instanceof HeldByTransaction) return false;
      throw error;
    }
  }
}

function expiredRange(index: Index, cutoff: Date): KeyRange | undefined {
  const [field] = index.fields;
  if (!field) return undefined;
  const bounds = boundsOf(
    { kind: 'compare', field: field.field, path: field.path, op: 'lte', value: cutoff },
    field.descending,
  );
  const [interval] = bounds?.intervals ?? [];
  if (!interval) return undefined;
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(index.id);
  return {
    from: Buffer.concat([prefix, interval.from]),
    to: Buffer.concat([prefix, interval.to]),
  };
}
