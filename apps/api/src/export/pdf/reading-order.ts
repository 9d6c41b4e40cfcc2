import type { Cluster } from './clusters.js';
import { RIGHT_TO_LEFT } from './letters.js';
import { IDENTITY } from './matrix.js';

/** What a letter does to its line: runs to the right, to the left, is of a number, or follows others. */
type Kind = 'left-to-right' | 'right-to-left' | 'number' | 'neutral' | 'space';

/** Marks of direction without a form (Unicode UAX #9, 2.6). */
const LEFT_TO_RIGHT_MARK = '\u200e';
const RIGHT_TO_LEFT_MARK = '\u200f';
/** Numbers, and what UAX #9 counts as their separators and signs. */
const NUMBER = /[\p{Nd}.,:/+\-#$%¢-¥°±،٪-٬\u06dd\u2030-\u2034\u20a0-\u20cf\u2212]/u;
/** Further apart, in sizes of the letters, stand the columns of a table. */
const GAP = 1.5;
const SAME_LINE = 0.7;
const SAME_RUN = 0.25;

interface Placed {
  readonly cluster: Cluster;
  readonly kind: Kind;
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly size: number;
  /** Its place in the line as it is read; of lines that run from right to left. */
  order: number;
  /** From the left to the right. */
  said: string[];
}

/**
 * What the clusters of a page say, each from the left to the right.
 *
 * pdftotext turns around what runs from right to left, letter by letter, together with all that
 * follows up to the next letter or number of the other direction. Which direction a page has is a
 * question of its majority, and of each line as well: so where a sign follows that belongs to the
 * line and not to the letters before it, a mark of direction between them ends the run.
 */
export function saidOnPage(clusters: readonly Cluster[]): Map<Cluster, readonly string[]> {
  const placed = clusters.map(placedOf);
  const isRightToLeft = majority(clusters) < 0;
  for (const line of linesOf(placed)) {
    if (isRightToLeft) readFromRight(line);
    else readFromLeft(line);
  }
  return new Map(placed.map(({ cluster, said }) => [cluster, said]));
}

function placedOf(cluster: Cluster): Placed {
  const { glyphs, text } = cluster;
  const kind = kindOf(text);
  const said = kind === 'right-to-left' ? Array.from(text).reverse() : [text];
  const carrier = glyphs.find((glyph) => glyph.width > 0) ?? glyphs[0];
  const size = carrier?.size ?? 0;
  const [, , , , left, y] = carrier?.place ?? IDENTITY;
  const width = glyphs.reduce((sum, glyph) => sum + glyph.width, 0);
  return { cluster, kind, left, right: left + (width / 1_000) * size, y, size, order: 0, said };
}

function kindOf(text: string): Kind {
  const [first = ''] = text.replace(/^\p{Cf}+/u, '');
  return kindOfLetter(first);
}

function kindOfLetter(letter: string): Kind {
  if (/^\s*$/.test(letter)) return 'space';
  if (NUMBER.test(letter)) return 'number';
  if (RIGHT_TO_LEFT.test(letter)) return 'right-to-left';
  return /[\p{L}\p{Mc}\p{Nl}]/u.test(letter) ? 'left-to-right' : 'neutral';
}

/** Letters that run to the right less those that run to the left. */
function majority(clusters: readonly Cluster[]): number {
  let sum = 0;
  for (const { text } of clusters) {
    for (const letter of text) {
      const kind = /\p{M}/u.test(letter) ? 'neutral' : kindOfLetter(letter);
      if (kind === 'left-to-right') sum += 1;
      if (kind === 'right-to-left') sum -= 1;
    }
  }
  return sum;
}

/** Each from the left to the right. */
function* linesOf(placed: readonly Placed[]): Iterable<Placed[]> {
  let line: Placed[] = [];
  for (const one of placed) {
    const [begin] = line;
    if (begin !== undefined && Math.abs(begin.y - one.y) > one.size * SAME_LINE) {
      yield* columnsOf(line);
      line = [];
    }
    line.push(one);
  }
  yield* columnsOf(line);
}

/**
 * Where a line runs from right to left, its runs of letters are drawn in the order in which they
 * are read, each of them from the left to the right.
 */
function putInOrder(line: readonly Placed[]): void {
  let run: Placed[] = [];
  let count = 0;
  const close = (): void => {
    const isReversed = !run.some(
      ({ kind, cluster }) => kind === 'left-to-right' || /\p{Nd}/u.test(cluster.text),
    );
    for (const one of isReversed ? run.toReversed() : run) one.order = count++;
    run = [];
  };
  for (const one of line) {
    const before = run.at(-1);
    if (before !== undefined && Math.abs(one.left - before.right) > one.size * SAME_RUN) close();
    run.push(one);
  }
  close();
}

function* columnsOf(line: readonly Placed[]): Iterable<Placed[]> {
  let column: Placed[] = [];
  putInOrder(line);
  for (const one of line.toSorted((a, b) => a.left - b.left)) {
    const before = column.at(-1);
    if (before !== undefined && one.left > before.right + one.size * GAP) {
      yield column;
      column = [];
    }
    column.push(one);
  }
  if (column.length > 0) yield column;
}

const isStrong = ({ kind }: Placed): boolean => kind === 'left-to-right' || kind === 'number';

/** Has letters that run so, or else pieces that are read in that order, as a row of numbers. */
function runsToTheLeft(line: readonly Placed[]): boolean {
  return line.some(
    ({ kind, order }, i) => kind === 'right-to-left' || order < (line[i - 1]?.order ?? 0),
  );
}

/** A page that runs from right to left: of a line, the sections are read from the right. */
function readFromRight(line: readonly Placed[]): void {
  if (!runsToTheLeft(line)) {
    const last = line.findLast(({ kind }) => kind !== 'space');
    if (last?.kind === 'neutral' && line.some(isStrong)) last.said.push(LEFT_TO_RIGHT_MARK);
    return;
  }
  const signs = line.filter(({ kind }) => kind !== 'space').toReversed();
  let isReversed = true;
  for (const [i, one] of signs.entries()) {
    const [before, next] = [signs[i - 1], signs[i + 1]];
    if (one.kind === 'right-to-left') isReversed = true;
    else if (!isReversed && before !== undefined && one.order > before.order) {
      before.said.unshift(RIGHT_TO_LEFT_MARK);
      isReversed = true;
    }
    if (isStrong(one)) isReversed = false;
    if (!isReversed || one.kind !== 'neutral') continue;
    if (next !== undefined && next.kind !== 'right-to-left' && next.order < one.order) {
      one.said.push(LEFT_TO_RIGHT_MARK);
      isReversed = false;
    } else one.said = one.said.flatMap((text) => Array.from(text)).reverse();
  }
}

/** A page that runs from left to right. */
function readFromLeft(line: readonly Placed[]): void {
  const first = line.find(({ kind }) => kind !== 'space');
  const isMixed = line.some(isStrong);
  let end: Placed | undefined;
  let isFollowed = false;
  let isReversed = false;
  const close = (): void => {
    if (isFollowed && isMixed) end?.said.push(LEFT_TO_RIGHT_MARK);
    end = undefined;
    isFollowed = false;
    isReversed = false;
  };
  for (const one of line) {
    if (one.kind === 'right-to-left') {
      if (!isReversed && (one === first || isMixed) && /^\p{M}/u.test(one.said[0] ?? '')) {
        one.said.unshift(RIGHT_TO_LEFT_MARK);
      }
      isReversed = true;
      isFollowed = false;
      end = one;
    } else if (isStrong(one)) close();
    else if (one.kind === 'neutral') isFollowed = end !== undefined;
  }
  close();
  if (!isMixed && first?.kind === 'neutral' && line.some(({ kind }) => kind === 'right-to-left')) {
    first.said.unshift(RIGHT_TO_LEFT_MARK);
  }
}
