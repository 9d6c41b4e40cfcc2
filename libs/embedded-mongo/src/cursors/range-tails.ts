import type { PlannedRange } from '../planner/plan.js';
import { keyAfter } from '../store/key-range.js';
import type { View } from '../store/view.js';

const LARGEST_PAGE = 512;
const TRIED_PAGE = 16;
const TRY_AFTER = 16;

/**
 * A cursor over the entries of one range, seen as what follows the range's prefix. It reads in pages
 * that grow while most of them is used, and shrink while most of them is jumped over.
 */
export class RangeTails {
  private keys: readonly string[] = [];
  private at = 0;
  /** How many entries of the page were looked at. */
  private used = 0;
  /** The page reaches the end of the range. */
  private last = false;
  /** How often the index was read. */
  reads = 0;

  /** @param page how many entries to read first */
  constructor(
    private readonly view: View,
    private readonly range: PlannedRange,
    private readonly backward: boolean,
    private page: number,
  ) {
    this.read(range.from, range.to, false);
  }

  /** Where the cursor stands; undefined behind the last entry. */
  get head(): string | undefined {
    return this.keys[this.at];
  }

  /** How many entries are left, where that is known without reading on. */
  get left(): number {
    return this.last ? this.keys.length - this.at : Infinity;
  }

  next(): void {
    this.at++;
    this.used++;
    if (this.at >= this.keys.length && !this.last) this.readAfter(this.keys.at(-1) ?? '');
  }

  /** Moves on to `target`, or to what follows where it would be. */
  seek(target: string): void {
    const end = this.keys.at(-1);
    if (end === undefined) return;
    if (this.precedes(end, target)) {
      if (this.last) this.at = this.keys.length;
      else this.readFrom(target);
      return;
    }
    // Doubling steps, then halving: the target is mostly near.
    let step = 1;
    while (this.precedes(this.keys[this.at + step] ?? end, target)) step *= 2;
    let low = this.at + (step >>> 1);
    let high = Math.min(this.at + step, this.keys.length - 1);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.precedes(this.keys[middle] ?? end, target)) low = middle + 1;
      else high = middle;
    }
    this.at = low;
    this.used++;
  }

  private precedes(a: string, b: string): boolean {
    return this.backward ? a > b : a < b;
  }

  private readAfter(tail: string): void {
    const key = this.keyOf(tail);
    if (this.backward) this.read(this.range.from, key, false);
    else this.read(keyAfter(key), this.range.to, false);
  }

  private readFrom(tail: string): void {
    const key = this.keyOf(tail);
    if (this.backward) this.read(this.range.from, keyAfter(key), true);
    else this.read(key, this.range.to, true);
  }

  private keyOf(tail: string): Buffer {
    const { from, prefixLength } = this.range;
    return Buffer.concat([from.subarray(0, prefixLength), Buffer.from(tail, 'latin1')]);
  }

  private nextPage(leaps: boolean): number {
    // One entry tells nothing of how near the next target is: now and then more are tried.
    if (this.page === 1 && leaps) return this.reads % TRY_AFTER === 0 ? TRIED_PAGE : 1;
    const share = this.used / this.keys.length;
    if (share > 0.3) return Math.min(LARGEST_PAGE, this.page * 4);
    return share < 0.15 ? Math.max(1, this.page >>> 2) : this.page;
  }

  private read(from: Buffer, to: Buffer, leaps: boolean): void {
    if (this.reads++ > 0) {
      this.page = this.nextPage(leaps);
    }
    this.keys = this.view.tails({ from, to }, this.range.prefixLength, this.backward, this.page);
    this.last = this.keys.length < this.page;
    this.at = 0;
    this.used = 0;
  }
}
