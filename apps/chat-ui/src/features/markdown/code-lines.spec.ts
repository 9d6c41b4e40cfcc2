import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineGroups } from './code-lines.js';
import type { CodePiece } from './code-tree.js';

const textOf = (pieces: readonly CodePiece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : textOf(piece.children))).join('');

const text = fc
  .array(fc.constantFrom('\n', '\n\n', 'word', ' '), { minLength: 1, maxLength: 20 })
  .map((parts) => parts.join(''));
const { pieces } = fc.letrec<{ piece: CodePiece; pieces: CodePiece[] }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.record({ scope: fc.constantFrom('string', 'comment'), children: tie('pieces') }),
  ),
  pieces: fc.array(tie('piece'), { maxLength: 6 }),
}));

describe('groups of code lines', () => {
  it('hold the whole text, 24 lines each', () => {
    fc.assert(
      fc.property(pieces, (code) => {
        const groups = lineGroups(code).map(textOf);
        expect(groups.join('')).toBe(textOf(code));
        for (const group of groups.slice(0, -1)) expect(group.match(/\n/g)).toHaveLength(24);
      }),
    );
  });

  it('stay the same objects while the code grows', () => {
    const lines = (count: number) => [Array.from({ length: count }, (_, at) => `${at}\n`).join('')];
    const before = lineGroups(lines(60));
    const after = lineGroups(lines(70), before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).not.toBe(before[2]);
  });

  it('keep the meaning of a part that spans a cut', () => {
    const comment = Array.from({ length: 30 }, (_, at) => `line ${at}`).join('\n');
    const groups = lineGroups([{ scope: 'comment', children: [comment] }]);
    expect(groups).toHaveLength(2);
    expect(groups.flat().every((piece) => typeof piece !== 'string')).toBe(true);
  });
});
