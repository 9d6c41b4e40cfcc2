import { randomBytes } from 'node:crypto';
import { MAX_DOCUMENT_BYTES } from '../bson/decode.js';
import { RawDocument } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { nextTurn, type Deadline } from './deadline.js';

/** Encoded documents; `undefined` is a pause in a long search. */
export type ResultStream = Iterator<Buffer | undefined, void>;

export interface Batch {
  readonly documents: readonly RawDocument[];
  readonly exhausted: boolean;
}

/** The results of a query, handed out in batches of at most 16 MiB. */
export class Cursor {
  readonly id: bigint;
  lastUsed = Date.now();
  busy = false;
  private waiting: Buffer | undefined;

  constructor(
    readonly namespace: string,
    /** The session and transaction it was opened in; getMore must come from the same. */
    readonly owner: string,
    private readonly results: ResultStream,
  ) {
    this.id = randomBytes(8).readBigInt64BE() & 0x7fffffffffffffffn || 1n;
  }

  async batch(size: number, deadline: Deadline): Promise<Batch> {
    const documents: RawDocument[] = [];
    let bytes = 0;
    for (;;) {
      const next = await this.next(deadline);
      if (!next) return { documents, exhausted: true };
      const full = documents.length >= size || bytes + next.length > MAX_DOCUMENT_BYTES;
      if (full && (documents.length > 0 || size === 0)) {
        this.waiting = next;
        return { documents, exhausted: false };
      }
      documents.push(new RawDocument(next));
      bytes += next.length;
    }
  }

  close(): void {
    this.results.return?.();
  }

  private async next(deadline: Deadline): Promise<Buffer | undefined> {
    const kept = this.waiting;
    if (kept) {
      this.waiting = undefined;
      return kept;
    }
    for (;;) {
      const result = this.results.next();
      if (result.done) return undefined;
      if (result.value) return result.value;
      deadline.check();
      await nextTurn();
    }
  }
}

const IDLE_LIMIT_MS = 10 * 60_000;
const SWEEP_MS = 30_000;

/** The open cursors of all connections. */
export class CursorRegistry {
  private readonly cursors = new Map<bigint, Cursor>();
  private readonly sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();

  get size(): number {
    return this.cursors.size;
  }

  add(cursor: Cursor): void {
    this.cursors.set(cursor.id, cursor);
  }

  /** @throws CommandError CursorNotFound, Unauthorized (another namespace or session) */
  take(id: bigint, namespace: string, owner: string): Cursor {
    const cursor = this.cursors.get(id);
    if (!cursor || cursor.busy) {
      throw new CommandError('CursorNotFound', `cursor id ${String(id)} not found`);
    }
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        'Unauthorized',
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    if (cursor.owner !== owner) {
      throw new CommandError(
        'BadValue',
        `Cannot run getMore on cursor ${String(id)}, which was created in another session or transaction`,
      );
    }
    cursor.lastUsed = Date.now();
    return cursor;
  }

  remove(id: bigint): boolean {
    this.cursors.get(id)?.close();
    return this.cursors.delete(id);
  }

  removeOwnedBy(owner: string): void {
    for (const cursor of [...this.cursors.values()]) {
      if (cursor.owner === owner) this.remove(cursor.id);
    }
  }

  sweep(now = Date.now()): void {
    for (const cursor of [...this.cursors.values()]) {
      if (!cursor.busy && now - cursor.lastUsed > IDLE_LIMIT_MS) this.remove(cursor.id);
    }
  }

  close(): void {
    clearInterval(this.sweeper);
    for (const id of [...this.cursors.keys()]) this.remove(id);
  }
}
