import { describe, expect, it } from 'vitest';
import { rangesOf } from './marked-words.js';

function marked(html: string, words: string[]): string[] {
  const root = document.createElement('div');
  root.innerHTML = html;
  return rangesOf(root, words).map((range) => range.toString());
}

describe('the marked words', () => {
  it('are all of them, in letters of either case', () => {
    expect(marked('The sea. A sea, SEA', ['sea'])).toEqual(['sea', 'sea', 'SEA']);
  });

  it('begin where a word begins, and may end within it', () => {
    expect(marked('overseas seaside sea', ['sea'])).toEqual(['sea', 'sea']);
  });

  it('go across the elements of a text', () => {
    expect(marked('a <b>light</b>house, <em>sea</em>', ['lighthouse', 'sea'])).toEqual([
      'lighthouse',
      'sea',
    ]);
  });

  it('begin with a paragraph, and do not go from one into another', () => {
    expect(marked('<p>by the</p><p>sea</p>', ['sea'])).toEqual(['sea']);
    expect(marked('<p>light</p><p>house</p>', ['lighthouse'])).toEqual([]);
  });

  it('are found anywhere in scripts that put no spaces between words', () => {
    expect(marked('海辺の灯台です', ['灯台'])).toEqual(['灯台']);
  });

  it('are taken as they are, whatever a pattern would make of them', () => {
    expect(marked('is it (a+b)? or [x-y] \\d', ['(a+b)?', '[x-y]', '\\d'])).toEqual([
      '(a+b)?',
      '[x-y]',
      '\\d',
    ]);
    expect(marked('abc', [])).toEqual([]);
    expect(marked('abc', [''])).toEqual([]);
  });

  it('prefer the longer one where two begin at the same place', () => {
    expect(marked('seaside', ['sea', 'seaside'])).toEqual(['seaside']);
  });
});
