import { toEmoji } from './emoji.js';

describe('toEmoji', () => {
  it.each([
    ['a plain emoji', '👍'],
    ['one with a skin tone', '👍🏽'],
    ['a joined one', '👨‍👩‍👧‍👦'],
    ['a joined one with two skin tones', '👩🏻‍❤️‍💋‍👨🏿'],
    ['a flag', '🇨🇭'],
    ['the flag of a region', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['a keycap', '1️⃣'],
    ['a character shown as a picture', '❤️'],
  ])('takes %s', (_kind, text) => {
    expect(toEmoji(text)).toBe(text);
    // One grapheme, as Unicode divides texts (UAX #29).
    expect([...new Intl.Segmenter().segment(text)]).toHaveLength(1);
  });

  it('keeps one form of what some keyboards send without its style', () => {
    expect(toEmoji('❤')).toBe('❤️');
    expect(toEmoji('☺')).toBe('☺️');
  });

  it.each([
    ['nothing', ''],
    ['a letter', 'a'],
    ['a letter of another script', 'ж'],
    ['a digit', '1'],
    ['a digit in the style of a picture', '1\u{FE0F}'],
    ['a sign of a keycap', '#'],
    ['a word', 'thumbs'],
    ['two emoji', '👍👍'],
    ['an emoji and a letter', '👍a'],
    ['an emoji and a blank', '👍 '],
    ['half a flag', '🇨'],
    ['a flag that is none', '🇦🇦'],
    ['a skin tone on what has none', '🍕🏽'],
    ['a style alone', '\u{FE0F}'],
    ['a joiner alone', '\u{200D}'],
    ['a joiner at the end', '👍\u{200D}'],
    ['an emoji asked for as text', '❤\u{FE0E}'],
    ['half a surrogate pair', '\ud83d'],
    ['a very long sequence', `👩${'\u{200D}👩'.repeat(1000)}`],
    ['an operator', '$set'],
    ['a slash', '/'],
    ['a null', '\0'],
  ])('refuses %s', (_kind, text) => {
    expect(toEmoji(text)).toBeUndefined();
  });
});
