import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffWords, type DiffPiece } from './word-diff.js';

/** As a person reads it: -removed-, +added+. */
function shown(before: string, after: string): string {
  const marks = { same: '', removed: '-', added: '+' } as const;
  return diffWords(before, after)
    .map(({ kind, text }) => `${marks[kind]}${text}${marks[kind]}`)
    .join('');
}

const without = (pieces: readonly DiffPiece[], kind: DiffPiece['kind']): string =>
  pieces
    .filter((piece) => piece.kind !== kind)
    .map(({ text }) => text)
    .join('');

describe('the difference of two texts', () => {
  it.each([
    ['the old house', 'the new house', 'the -old-+new+ house'],
    ['one two', 'one two three', 'one two+ three+'],
    ['one two three', 'two three', '-one -two three'],
    ['same', 'same', 'same'],
    ['', 'all new', '+all new+'],
    ['all gone', '', '-all gone-'],
    ['a b c d', 'a x c y', 'a -b-+x+ c -d-+y+'],
    ['my very old house', 'my brand new house', 'my -very old-+brand new+ house'],
    ['first\nsecond', 'one\ntwo', '-first-+one+\n-second-+two+'],
    ['a line\nanother', 'a line\n\nanother', 'a line\n+\n+another'],
  ])('of “%s” and “%s” is told by words', (before, after, expected) => {
    expect(shown(before, after)).toBe(expected);
  });

  it('is told by words also where no spaces stand between them', () => {
    const pieces = diffWords('私は海が好きです', '私は山が好きです');
    expect(pieces).toContainEqual({ kind: 'removed', text: '海' });
    expect(pieces).toContainEqual({ kind: 'added', text: '山' });
  });

  it('holds both texts whole, whatever they are', () => {
    const text = array(constantFrom('a', 'b', 'c', ' ', '\n', 'é', '海', '👩‍👧'), {
      maxLength: 40,
    }).map((parts) => parts.join(''));
    assert(
      property(text, text, (before, after) => {
        const pieces = diffWords(before, after);
        expect(without(pieces, 'added')).toBe(before);
        expect(without(pieces, 'removed')).toBe(after);
        expect(pieces.every((piece) => piece.text !== '')).toBe(true);
      }),
    );
    assert(
      property(string(), (same) => {
        expect(diffWords(same, same).every(({ kind }) => kind === 'same')).toBe(true);
      }),
    );
  });

  it('of two long texts that share nothing is told soon, and whole', () => {
    const before = Array.from({ length: 20_000 }, (_, at) => `a${at}`).join(' ');
    const after = Array.from({ length: 20_000 }, (_, at) => `b${at}`).join(' ');
    const began = performance.now();
    const pieces = diffWords(before, after);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(without(pieces, 'added')).toBe(before);
    expect(without(pieces, 'removed')).toBe(after);
  });

  it('of two long texts that share most of their lines is told by lines', () => {
    const text = (mark: string): string =>
      Array.from({ length: 900 }, (_, at) =>
        at % 3 === 0 ? `line ${at} ${mark}\n` : `line ${at}\n`,
      ).join('');
    const pieces = diffWords(text('old'), text('new'));
    expect(pieces.some(({ kind }) => kind === 'same')).toBe(true);
    expect(without(pieces, 'added')).toBe(text('old'));
  });
});
