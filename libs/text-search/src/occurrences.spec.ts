import { TermFinder, hasAny, type TextMatch } from './occurrences.js';
import { parseQuery } from './query.js';
import { needsText, wordsOfTerm } from './term-words.js';
import { indexText } from './index-words.js';

function find(query: string, text: string): TextMatch {
  return new TermFinder(parseQuery(query).terms).find(text);
}

function marked(query: string, text: string): string[] {
  return find(query, text).occurrences.map(({ start, end }) => text.slice(start, end));
}

describe('the terms of a query in a text', () => {
  it('are whole words and beginnings of words', () => {
    expect(marked('cat', 'Cat, catalog, concat')).toEqual(['Cat', 'catalog']);
    expect(find('cat', 'catalog')).toMatchObject({ matched: 1, exact: 0 });
    expect(find('cat', 'a cat')).toMatchObject({ matched: 1, exact: 1 });
  });

  it('are phrases word for word, whatever stands between', () => {
    expect(marked('"new york"', 'New, York; new yorker; york new')).toEqual(['New, York']);
    expect(marked('well-known', 'a well known fact, well-knownness')).toEqual([
      'well known',
      'well-knownness',
    ]);
  });

  it('are runs of characters', () => {
    expect(marked('京都', '東京都と京都')).toEqual(['京都', '京都']);
    expect(marked('か', 'がか')).toEqual(['か']);
  });

  it('are told how far apart they stand at the closest', () => {
    expect(find('a b', 'a x x x b x a b').distance).toBe(0);
    expect(find('a b', 'a x x b').distance).toBe(2);
    expect(find('a b c', 'b x a c').distance).toBe(1);
    expect(find('a b', 'a x').distance).toBe(0);
    expect(find('a b', 'a x')).toMatchObject({ matched: 1 });
  });

  it('exclude word for word', () => {
    const finder = new TermFinder(parseQuery('-cat -"big dog"').excluded);
    expect(hasAny(finder, 'a catalog of big old dogs')).toBe(false);
    expect(hasAny(finder, 'a cat')).toBe(true);
    expect(hasAny(finder, 'Big dog!')).toBe(true);
  });
});

describe('the words under which a term is looked up', () => {
  const lookUp = (query: string, prefix: boolean): unknown =>
    parseQuery(query).terms.map((term) => wordsOfTerm(term, prefix));

  it('are its words, the last one begun where it may go on', () => {
    expect(lookUp('node.js', false)).toEqual([{ whole: ['node', 'js'] }]);
    expect(lookUp('node.js', true)).toEqual([{ whole: ['node'], begun: 'js' }]);
    expect(lookUp('"node js"', true)).toEqual([{ whole: ['node', 'js'] }]);
  });

  it('are pairs of characters, a single one where it has no neighbour', () => {
    expect(lookUp('東京都', true)).toEqual([{ whole: ['東京', '京都'] }]);
    expect(lookUp('"東 京都"', true)).toEqual([{ whole: ['東', '京都'] }]);
  });

  it('are all in the index of a text that has the term', () => {
    const text = 'Naïve 東京都 node.js 👍 well-known';
    const words = new Set(indexText(text).words);
    for (const query of ['naive', '東京都', 'node.js', '👍', '"well known"', '京']) {
      for (const { whole } of parseQuery(query).terms.map((term) => wordsOfTerm(term, false))) {
        expect(whole.filter((word) => !words.has(word))).toEqual([]);
      }
    }
  });

  it('decide alone for a single unit or pair', () => {
    const needs = (query: string): boolean[] => parseQuery(query).terms.map(needsText);
    expect(needs('a 東 東京 東京都 "a b" a-b')).toEqual([false, false, false, true, true, true]);
  });
});
