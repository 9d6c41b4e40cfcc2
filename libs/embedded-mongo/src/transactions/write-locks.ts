import { HeldByTransaction, writeConflict } from '../errors.js';

/** Who holds documents and unique keys: one open transaction each. */
export interface Holder {
  /** Commits that this transaction's snapshot includes. */
  readonly snapshotSequence: number;
  /** Resolves when the transaction has committed or aborted. */
  readonly ended: Promise<void>;
}

/**
 * First writer wins. An open transaction holds every document and unique key it has written; a
 * second transaction that wants one fails at once with a write conflict, a write outside of
 * transactions waits. A document that was committed after a transaction's snapshot is a conflict
 * as well.
 */
export class WriteLocks {
  private readonly documents = new Map<number, Holder>();
  private readonly uniqueKeys = new Map<string, Holder>();
  /** When each document was last committed, kept while any transaction could ask. */
  private readonly committedAt = new Map<number, number>();
  private readonly open = new Set<Holder>();
  sequence = 0;

  begin(holder: Holder): void {
    this.open.add(holder);
  }

  /** Forgets a transaction and everything it holds. */
  end(holder: Holder, documents: Iterable<number>, uniqueKeys: Iterable<string>): void {
    for (const rid of documents) this.documents.delete(rid);
    for (const key of uniqueKeys) this.uniqueKeys.delete(key);
    this.open.delete(holder);
    if (this.open.size === 0) this.committedAt.clear();
  }

  committed(rid: number): void {
    this.sequence++;
    if (this.open.size > 0) this.committedAt.set(rid, this.sequence);
  }

  /** @throws CommandError WriteConflict, or HeldByTransaction outside of transactions */
  checkDocument(rid: number, writer?: Holder): void {
    const holder = this.documents.get(rid);
    if (holder !== writer && holder) throw heldBy(holder, writer);
    if (writer && (this.committedAt.get(rid) ?? 0) > writer.snapshotSequence) throw writeConflict();
  }

  /** @throws as `checkDocument` */
  checkUnique(key: string, writer?: Holder): void {
    const holder = this.uniqueKeys.get(key);
    if (holder && holder !== writer) throw heldBy(holder, writer);
  }

  holdDocument(rid: number, holder: Holder): void {
    this.documents.set(rid, holder);
  }

  holdUnique(key: string, holder: Holder): void {
    this.uniqueKeys.set(key, holder);
  }
}

function heldBy(holder: Holder, writer: Holder | undefined): Error {
  return writer ? writeConflict() : new HeldByTransaction(holder.ended);
}
