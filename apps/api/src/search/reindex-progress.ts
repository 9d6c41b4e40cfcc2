import type { ReindexProgress } from './reindexer.js';

/** Where the progress is shown: a terminal, or a file. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR = 30;
/** Where nobody watches, a line now and then is enough. */
const LINE_EVERY_MS = 5_000;
/** More often than this, nobody sees. */
const DRAW_EVERY_MS = 80;

/** Shows how far the building of the index has come: as a bar on a terminal, else line by line. */
export class ProgressDisplay {
  private readonly began: number;
  private shownAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly output: ProgressOutput,
    private readonly now: () => number = Date.now,
  ) {
    this.began = now();
  }

  show(progress: ReindexProgress): void {
    const isLast = progress.done >= progress.total;
    const every = this.output.isTTY === true ? DRAW_EVERY_MS : LINE_EVERY_MS;
    if (!isLast && this.now() - this.shownAt < every) return;
    this.shownAt = this.now();
    const text = this.describe(progress);
    if (this.output.isTTY === true) this.output.write(`\r${bar(progress)} ${text}\x1b[K`);
    else this.output.write(`${text}\n`);
  }

  /** Ends the line of the bar. */
  end(): void {
    if (this.output.isTTY === true) this.output.write('\n');
  }

  private describe({ done, total }: ReindexProgress): string {
    const seconds = (this.now() - this.began) / 1000;
    const rate = seconds > 0.5 ? ` ${Math.round(done / seconds).toLocaleString('en')}/s` : '';
    const left = seconds > 0.5 && done > 0 ? Math.ceil((seconds / done) * (total - done)) : 0;
    const rest = left > 0 ? `, ${left} s left` : '';
    return `${percent({ done, total })} % ${done.toLocaleString('en')} of ${total.toLocaleString('en')}${rate}${rest}`;
  }
}

function percent({ done, total }: ReindexProgress): number {
  return total === 0 ? 100 : Math.floor((done / total) * 100);
}

function bar(progress: ReindexProgress): string {
  const full = Math.floor((percent(progress) * BAR) / 100);
  return `[${'█'.repeat(full)}${'░'.repeat(BAR - full)}]`;
}
