import { describe, expect, it } from 'vitest';
import { highlightPieces, markedTexts } from './highlight-pieces.js';

describe('highlightPieces', () => {
  it('cuts at the ends of each range and loses nothing', () => {
    const text = 'A lighthouse by the sea';
    const pieces = highlightPieces(text, [
      [2, 12],
      [20, 23],
    ]);
    expect(pieces).toEqual([
      { text: 'A ', marked: false },
      { text: 'lighthouse', marked: true },
      { text: ' by the ', marked: false },
      { text: 'sea', marked: true },
    ]);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  });

  it('counts in UTF-16 code units, as the API does', () => {
    expect(highlightPieces('🗼 灯台', [[3, 5]])).toEqual([
      { text: '🗼 ', marked: false },
      { text: '灯台', marked: true },
    ]);
  });

  it('leaves out ranges that are empty, overlap or lie outside', () => {
    const pieces = highlightPieces('abcdef', [
      [0, 3],
      [2, 4],
      [4, 4],
      [5, 9],
    ]);
    expect(pieces).toEqual([
      { text: 'abc', marked: true },
      { text: 'def', marked: false },
    ]);
  });

  it('is the whole text where nothing is marked, and nothing where there is none', () => {
    expect(highlightPieces('abc', [])).toEqual([{ text: 'abc', marked: false }]);
    expect(highlightPieces('', [])).toEqual([]);
  });
});

describe('markedTexts', () => {
  it('names each marked text once', () => {
    expect(
      markedTexts('sea and sea and sky', [
        [0, 3],
        [8, 11],
        [16, 19],
      ]),
    ).toEqual(['sea', 'sky']);
  });
});
