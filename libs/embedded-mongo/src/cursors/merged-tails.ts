import type { PlannedRange } from '../planner/plan.js';
import type { View } from '../store/view.js';
import { RangeTails } from './range-tails.js';

const FIRST_PAGE = 128;
/** How many entries the first pages of many ranges hold together, if each is to hold some. */
const FIRST_PAGES = 256;
const LEAST_PAGE = 1;

/** Ranges merged by what follows their prefixes; equal tails, of one document, come once. */
export class MergedTails {
  /** A binary heap by head. */
  private readonly heap: RangeTails[] = [];
  private seeks = 0;
  private readsForSeeks = 0;

  constructor(
    view: View,
    ranges: readonly PlannedRange[],
    private readonly backward: boolean,
  ) {
    const share = Math.ceil(FIRST_PAGES / Math.max(1, ranges.length));
    const page = Math.max(LEAST_PAGE, Math.min(FIRST_PAGE, share));
    for (const range of ranges) {
      const tails = new RangeTails(view, range, backward, page);
      if (tails.head !== undefined) this.heap.push(tails);
    }
    for (let at = (this.heap.length >>> 1) - 1; at >= 0; at--) this.sink(at);
  }

  get head(): string | undefined {
    return this.heap[0]?.head;
  }

  /** As `RangeTails.left`, with documents counted once for every range that holds them. */
  get left(): number {
    return this.heap.reduce((sum, tails) => sum + tails.left, 0);
  }

  /** How many times the index was read for each seek, above a number that any start costs. */
  get readsPerSeek(): number {
    return Math.max(0, this.readsForSeeks - 32) / Math.max(1, this.seeks);
  }

  next(): void {
    const passed = this.head;
    while (passed !== undefined && this.head === passed) this.moveFirst((tails) => tails.next());
  }

  /**
   * Moves on to `target`, or to what follows where it would be.
   * @param patience how often the index may be read for it
   * @returns false when patience ran out: the stream is then of no use any more
   */
  seek(target: string, patience: number): boolean {
    this.seeks++;
    let left = patience;
    for (
      let head = this.head;
      head !== undefined && this.precedes(head, target);
      head = this.head
    ) {
      if (left <= 0) return false;
      this.moveFirst((tails) => {
        const before = tails.reads;
        tails.seek(target);
        left -= tails.reads - before;
        this.readsForSeeks += tails.reads - before;
      });
    }
    return true;
  }

  private precedes(a: string, b: string): boolean {
    return this.backward ? a > b : a < b;
  }

  private moveFirst(move: (tails: RangeTails) => void): void {
    const [first] = this.heap;
    if (!first) return;
    move(first);
    if (first.head === undefined) {
      const end = this.heap.pop();
      if (end && this.heap.length > 0) this.heap[0] = end;
    }
    this.sink(0);
  }

  private sink(start: number): void {
    const { heap } = this;
    const moving = heap[start];
    const head = moving?.head;
    if (!moving || head === undefined) return;
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      const left = heap[child]?.head;
      if (left === undefined) break;
      const right = heap[child + 1]?.head;
      const least = right !== undefined && this.precedes(right, left) ? right : left;
      if (least === right && right !== left) child++;
      if (!this.precedes(least, head)) break;
      const above = heap[child];
      if (above) heap[at] = above;
      at = child;
    }
    heap[at] = moving;
  }
}
