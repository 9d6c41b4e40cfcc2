import { countCharacters, hasLength, indexBehind } from './characters.js';

const TEXTS = [
  '',
  'a',
  'ab',
  '😀',
  'a😀b',
  '😀😀😀',
  '\ud83d',
  'a\ude00',
  '\ud83d\ud83d\ude00',
  '❤️',
];

describe('characters', () => {
  it('are counted as strings are iterated', () => {
    for (const text of TEXTS) expect(countCharacters(text)).toBe(Array.from(text).length);
  });

  it('are never divided', () => {
    for (const text of TEXTS) {
      for (let characters = 0; characters <= 5; characters += 1) {
        const first = Array.from(text).slice(0, characters).join('');
        expect(text.slice(0, indexBehind(text, characters))).toBe(first);
      }
    }
  });

  it('decide whether a text is within limits', () => {
    for (const text of TEXTS) {
      for (const [min, max] of [
        [0, 2],
        [1, 1],
        [2, 3],
        [3, 3],
      ] as const) {
        const { length } = Array.from(text);
        expect(hasLength(text, { min, max })).toBe(length >= min && length <= max);
      }
    }
    expect(hasLength('', { max: 0 })).toBe(true);
  });
});
