import type { CodePiece } from './code-tree.js';

/** Lines that are laid out and painted together; those before the last group cost nothing again. */
const GROUP_LINES = 24;

/**
 * Cuts code into groups of lines, so that code that grows is laid out at its end alone. A part with a
 * meaning that spans a cut is on both sides of it.
 *
 * @param before groups of an earlier state of the same code: equal ones stay the same objects.
 */
export function lineGroups(
  pieces: readonly CodePiece[],
  before: readonly CodePiece[][] = [],
): CodePiece[][] {
  const groups: CodePiece[][] = [];
  let rest: CodePiece[] = [...pieces];
  while (rest.length > 0) {
    const [group, after] = takeLines(rest, { left: GROUP_LINES });
    const old = before[groups.length];
    groups.push(old && JSON.stringify(old) === JSON.stringify(group) ? old : group);
    rest = after;
  }
  return groups;
}

/** Splits pieces behind the line at which the budget is spent. */
function takeLines(
  pieces: readonly CodePiece[],
  budget: { left: number },
): [CodePiece[], CodePiece[]] {
  const taken: CodePiece[] = [];
  for (const [at, piece] of pieces.entries()) {
    const [inside, outside] = splitPiece(piece, budget);
    if (inside !== null) taken.push(inside);
    if (budget.left > 0) continue;
    const after = pieces.slice(at + 1);
    return [taken, outside === null ? after : [outside, ...after]];
  }
  return [taken, []];
}

function splitPiece(
  piece: CodePiece,
  budget: { left: number },
): [CodePiece | null, CodePiece | null] {
  if (typeof piece === 'string') {
    const end = endOfLines(piece, budget);
    return [piece.slice(0, end) || null, piece.slice(end) || null];
  }
  const [inside, outside] = takeLines(piece.children, budget);
  return [
    inside.length > 0 ? { ...piece, children: inside } : null,
    outside.length > 0 ? { ...piece, children: outside } : null,
  ];
}

function endOfLines(text: string, budget: { left: number }): number {
  let end = 0;
  while (budget.left > 0) {
    const found = text.indexOf('\n', end);
    if (found < 0) return text.length;
    end = found + 1;
    budget.left -= 1;
  }
  return end;
}
