/** A run of text that two versions share, or that only one of them has. */
export interface DiffPiece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/**
 * How many words may differ before the search for the fewest changes is given up: its time and
 * memory grow with the square of them. Longer ones are compared by lines, then as a whole.
 */
const MOST_EDITS = 600;

let segmenter: Intl.Segmenter | undefined;

/**
 * What changed from one text to another, word by word. The pieces that are not `added` are the text
 * before, those that are not `removed` the text after, each unchanged.
 */
export function diffWords(before: string, after: string): DiffPiece[] {
  const pieces =
    diffTokens(words(before), words(after)) ??
    diffTokens(lines(before), lines(after)) ??
    ([
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ] satisfies DiffPiece[]);
  return join(pieces);
}

/** A line break, spaces, or a stretch without any, short enough for the segmenter: its time is not linear. */
const STRETCH = /\n|[^\S\n]+|\S{1,400}/gu;

/** What needs no segmenter to be one word. */
const PLAIN = /^(?:\s+|[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{N}\p{M}_]+)$/u;

/** Words, and what stands between them, in any script. */
function words(text: string): string[] {
  const segments = (segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' }));
  return (text.match(STRETCH) ?? []).flatMap((stretch) =>
    PLAIN.test(stretch)
      ? [stretch]
      : Array.from(segments.segment(stretch), ({ segment }) => segment),
  );
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function diffTokens(before: readonly string[], after: readonly string[]): DiffPiece[] | undefined {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start])
    start += 1;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (tail < shorter && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const middle = shortestEdit(
    before.slice(start, before.length - tail),
    after.slice(start, after.length - tail),
  );
  if (!middle) return undefined;
  const same = (tokens: readonly string[]): DiffPiece[] =>
    tokens.map((text) => ({ kind: 'same', text }));
  return [...same(before.slice(0, start)), ...middle, ...same(before.slice(before.length - tail))];
}

/**
 * The fewest removals and additions that make one list of the other (E. W. Myers, "An O(ND)
 * Difference Algorithm and Its Variations", 1986).
 *
 * @returns undefined where that are too many.
 */
function shortestEdit(
  before: readonly string[],
  after: readonly string[],
): DiffPiece[] | undefined {
  /** For each number of edits, how far along `before` every diagonal was reached. */
  const trace: Map<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  const most = Math.min(before.length + after.length, MOST_EDITS);
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(new Map(reached));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = stepInto(reached, diagonal, edits);
      while (
        x < before.length &&
        x - diagonal < after.length &&
        before[x] === after[x - diagonal]
      ) {
        x += 1;
      }
      reached.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkBack(trace, before, after);
    }
    reached = new Map(reached);
  }
  return undefined;
}

/** Where a diagonal is entered: by an addition from the one above, or a removal from the one below. */
function stepInto(reached: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  const byAddition = reached.get(diagonal + 1) ?? -1;
  const byRemoval = reached.get(diagonal - 1) ?? -1;
  const adds = diagonal === -edits || (diagonal !== edits && byRemoval < byAddition);
  return adds ? byAddition : byRemoval + 1;
}

function walkBack(
  trace: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): DiffPiece[] {
  const pieces: DiffPiece[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reached = trace[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const entered = edits === 0 ? 0 : stepInto(reached, diagonal, edits);
    while (x > entered && y > entered - diagonal) {
      x -= 1;
      y -= 1;
      pieces.push({ kind: 'same', text: before[x] ?? '' });
    }
    if (edits === 0) break;
    const byAddition = reached.get(diagonal + 1) ?? -1;
    if (entered === byAddition && stepsDown(reached, diagonal, edits)) {
      y -= 1;
      pieces.push({ kind: 'added', text: after[y] ?? '' });
    } else {
      x -= 1;
      pieces.push({ kind: 'removed', text: before[x] ?? '' });
    }
  }
  return pieces.reverse();
}

function stepsDown(reached: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  const byAddition = reached.get(diagonal + 1) ?? -1;
  const byRemoval = reached.get(diagonal - 1) ?? -1;
  return diagonal === -edits || (diagonal !== edits && byRemoval < byAddition);
}

/** What stands between two words of a line. */
const BLANK = /^[^\S\n]+$/u;

/**
 * Neighbours of one kind as one piece; within a change, what was removed stands first. Changes that
 * only a blank separates are one: a person reads a replaced phrase, not each of its words in turns.
 */
function join(pieces: readonly DiffPiece[]): DiffPiece[] {
  const joined: DiffPiece[] = [];
  let removed = '';
  let added = '';
  const push = (kind: DiffPiece['kind'], text: string): void => {
    const last = joined.at(-1);
    if (text === '') return;
    if (last?.kind === kind) last.text += text;
    else joined.push({ kind, text });
  };
  pieces.forEach(({ kind, text }, at) => {
    if (kind === 'removed') removed += text;
    else if (kind === 'added') added += text;
    else if (isWithinChange(pieces, at)) {
      removed += text;
      added += text;
    } else {
      push('removed', removed);
      push('added', added);
      [removed, added] = ['', ''];
      push('same', text);
    }
  });
  push('removed', removed);
  push('added', added);
  return joined;
}

function isWithinChange(pieces: readonly DiffPiece[], at: number): boolean {
  const [before, between, after] = [pieces[at - 1], pieces[at], pieces[at + 1]];
  if (!before || !between || !after || !BLANK.test(between.text)) return false;
  return before.kind !== 'same' && after.kind !== 'same';
}
