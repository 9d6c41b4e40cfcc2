import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { TermFinder } from './occurrences.js';
import { parseQuery } from './query.js';
import { snippetOf, type Snippet } from './snippet.js';

const LENGTH = 240;

function snip(query: string, text: string): Snippet {
  const { occurrences } = new TermFinder(parseQuery(query).terms).find(text);
  return snippetOf(text, occurrences, LENGTH);
}

const marked = ({ text, highlights }: Snippet): string[] =>
  highlights.map(([start, end]) => text.slice(start, end));

describe('a snippet', () => {
  it('is all of a short text, with every place marked', () => {
    const found = snip('cat', 'Cat and catalog');
    expect(found.text).toBe('Cat and catalog');
    expect(marked(found)).toEqual(['Cat', 'catalog']);
  });

  it('stands where the words are closest together', () => {
    const filler = 'lorem ipsum '.repeat(50);
    const found = snip('blue whale', `blue ${filler} whale ${filler} a blue whale sang ${filler}`);
    expect(marked(found)).toEqual(['blue', 'whale']);
    expect(found.text).toContain('a blue whale sang');
    expect(found.text.length).toBeLessThanOrEqual(LENGTH);
    expect(found.text.length).toBeGreaterThan(200);
  });

  it('begins and ends with whole words where there are any', () => {
    const found = snip('needle', `${'straw '.repeat(100)}needle ${'hay '.repeat(100)}`);
    expect(found.text).toMatch(/^straw .*needle .*hay$/);
  });

  it('is the beginning of a text where nothing is looked for', () => {
    expect(snippetOf('word '.repeat(100), [], LENGTH)).toEqual({
      text: 'word '.repeat(48).trimEnd(),
      highlights: [],
    });
  });

  it('marks what overlaps once', () => {
    expect(marked(snip('"new york" york', 'in New York'))).toEqual(['New York']);
  });

  it('never cuts a family in two', () => {
    const family = '👨‍👩‍👧‍👦';
    const found = snip('here', `${family.repeat(100)} here ${family.repeat(100)}`);
    expect(found.text.replaceAll(family, '').trim()).toBe('here');
    expect(found.text.length).toBeLessThanOrEqual(LENGTH);
  });

  it('cuts a grapheme that is longer than a snippet, but no pair of surrogates', () => {
    const zalgo = `x${'\u0301'.repeat(1_000)}`;
    for (const text of [zalgo, `needle ${zalgo}`, '𝟙\u0301'.repeat(2_000)]) {
      const found = snip('needle', text);
      expect(found.text.length).toBeLessThanOrEqual(LENGTH);
      expect(found.text).not.toMatch(/\p{Surrogate}/u);
      expect(found.text.length).toBeGreaterThan(0);
    }
  });

  it('lies in its text with marks that fold to what was searched, whatever the text', () => {
    const words = oneof(
      constantFrom('needle', 'Nëedle', 'hay', '東京', '👨‍👩‍👧', 'e\u0301', ' ', '\n', 'ｶﾞ', '🇫🇷'),
      string({ unit: 'grapheme', maxLength: 10 }),
      string({ unit: 'binary', maxLength: 5 }),
    );
    const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
    assert(
      property(array(words, { maxLength: 200 }), constantFrom(' ', ''), (parts, space) => {
        const text = parts.join(space);
        const { text: part, highlights } = snip('needle 東京', text);
        expect(part.length).toBeLessThanOrEqual(LENGTH);
        expect(text).toContain(part);
        let last = 0;
        for (const [start, end] of highlights) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(part.length);
          last = end;
          const { terms } = parseQuery('needle 東京');
          expect(new TermFinder(terms).find(part.slice(start, end)).matched).toBeGreaterThan(0);
        }
        const boundaries = new Set(Array.from(segmenter.segment(text), ({ index }) => index));
        boundaries.add(text.length);
        const places = placesOf(text, part);
        expect(places.some((at) => boundaries.has(at) && boundaries.has(at + part.length))).toBe(
          true,
        );
      }),
      { numRuns: 500 },
    );
  });
});

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    places.push(at);
    if (part === '') break;
  }
  return places;
}
