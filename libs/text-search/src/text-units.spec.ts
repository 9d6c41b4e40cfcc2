import { array, assert, nat, oneof, property, string } from 'fast-check';
import { INDEXED_WORDS, indexText } from './index-words.js';
import { unitsOf, WORD_LENGTH } from './text-units.js';

const texts = oneof(
  string({ unit: 'grapheme', maxLength: 60 }),
  string({ unit: 'binary', maxLength: 60 }),
  // Lone surrogates too.
  array(nat({ max: 0xffff }), { maxLength: 60 }).map((codes) => String.fromCharCode(...codes)),
);

const written = (text: string): string[] => unitsOf(text).map((unit) => unit.text);

describe('the units of a text', () => {
  it('are its words, folded, at their places', () => {
    const text = '¡Ça va, l’été! x_y 3.14';
    const units = unitsOf(text);
    expect(units.map((unit) => unit.text)).toEqual(['ca', 'va', 'l', 'ete', 'x', 'y', '3', '14']);
    expect(units.map(({ start, end }) => text.slice(start, end))).toEqual([
      'Ça',
      'va',
      'l',
      'été',
      'x',
      'y',
      '3',
      '14',
    ]);
  });

  it('are single characters where a script has no spaces', () => {
    expect(written('東京タワー')).toEqual(['東', '京', 'タ', 'ワ', 'ー']);
    expect(written('대한민국')).toEqual(['대', '한', '민', '국']);
    expect(written('ภาษา')).toEqual(['ภ', 'า', 'ษ', 'า']);
    expect(written('iPhone手机15')).toEqual(['iphone', '手', '机', '15']);
  });

  it('hold composed characters whole, however they are written', () => {
    const text = 'ｶﾞｷ\u304b\u3099\u1112\u1161\u11ab';
    const units = unitsOf(text);
    expect(units.map((unit) => unit.text)).toEqual(['ガ', 'キ', 'が', '한']);
    expect(units.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [2, 3],
      [3, 5],
      [5, 8],
    ]);
  });

  it('are emoji without the tone of their skin', () => {
    expect(written('👍🏽 ok ❤️ 👨‍👩‍👧 🇫🇷!')).toEqual(['👍', 'ok', '❤', '👨‍👩‍👧', '🇫🇷']);
  });

  it('join what an invisible joiner or a soft hyphen divides', () => {
    expect(written('می\u200cخواهم Donau\u00addampf')).toEqual(['ميخواهم', 'donaudampf']);
  });

  it('lie in the text one behind the other, whatever it is', () => {
    assert(
      property(texts, (text) => {
        let last = 0;
        for (const { text: folded, start, end } of unitsOf(text)) {
          expect(folded).not.toBe('');
          expect(start).toBeGreaterThanOrEqual(Math.min(last, start));
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(end).toBeGreaterThanOrEqual(last);
          last = end;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('are cut where a word is longer than anybody types, never within a pair', () => {
    expect(written('x'.repeat(10_000))).toEqual(['x'.repeat(WORD_LENGTH)]);
    const astral = `a${'𐐨'.repeat(100)}`;
    expect(written(astral)).toEqual([`a${'𐐨'.repeat((WORD_LENGTH - 2) / 2)}`]);
  });

  it('take no longer than their text is long', () => {
    const hostile = ['a\u0301', 'か\u3099', '👨‍', '\u0301', '"-', 'ﷺ'].map((part) =>
      part.repeat(100_000 / part.length),
    );
    const began = Date.now();
    for (const text of hostile) unitsOf(text);
    expect(Date.now() - began).toBeLessThan(3_000);
  });
});

describe('what an index holds of a text', () => {
  it('is every word once', () => {
    expect(indexText('Hello hello a').words.sort()).toEqual(['a', 'hello']);
  });

  it('is every character and every pair of neighbours', () => {
    expect(indexText('東京 塔').words.sort()).toEqual(['東', '京', '東京', '塔'].sort());
  });

  it('knows the words that have a beginning, each once', () => {
    expect(indexText('Hello a ab hello 𝒶 𐐷 𐐷a 東京 👍').vocabulary).toEqual(['hello', 'ab', '𐐷a']);
  });

  it('is all of the longest message, and of a longer text the beginning', () => {
    const text = (words: number): string =>
      Array.from({ length: words }, (_, i) => `w${i.toString(36)}`).join(' ');
    expect(indexText(text(INDEXED_WORDS)).words).toHaveLength(INDEXED_WORDS);
    const { words, vocabulary } = indexText(text(INDEXED_WORDS + 1));
    expect([words.length, vocabulary.length]).toEqual([INDEXED_WORDS, INDEXED_WORDS]);
    const characters = Array.from({ length: 100_000 }, (_, i) =>
      String.fromCodePoint(0x4e00 + ((i * i) % 20_011)),
    );
    const pairs = characters.slice(1).map((character, i) => `${characters[i] ?? ''}${character}`);
    expect(new Set(indexText(characters.join('')).words)).toEqual(
      new Set([...characters, ...pairs]),
    );
  });
});
