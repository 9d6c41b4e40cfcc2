import { anyOf } from './character-set.js';

/** Letters that Unicode does not decompose, as they are typed on a plain keyboard. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'ng',
  ı: 'i',
  ĸ: 'k',
  ƒ: 'f',
  // Greek: the sigma at the end of a word.
  ς: 'σ',
  // Arabic: an alef without hamza, yeh and heh as many type them, the letters of Persian keyboards.
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ة: 'ه',
  ک: 'ك',
  // Tatweel only stretches a word.
  ـ: '',
};

const SPECIAL = new RegExp(`[${Object.keys(PLAIN_LETTERS).join('')}]`, 'gu');

/** Digits of the Arabic and the Persian script. */
const ARABIC_DIGIT = /[٠-٩۰-۹]/gu;

/**
 * Marks that people leave out when they type: accents of Latin, Greek and Cyrillic letters, Hebrew
 * points, Arabic and Syriac vowel signs. Not the vowel signs of Indic scripts, nor the marks of
 * kana, Thai and others, without which a word is another one.
 */
const OPTIONAL_MARKS = anyOf(
  [0x0300, 0x036f],
  [0x0483, 0x0489],
  [0x0591, 0x05bd],
  [0x05bf, 0x05bf],
  [0x05c1, 0x05c1],
  [0x05c2, 0x05c2],
  [0x05c4, 0x05c4],
  [0x05c5, 0x05c5],
  [0x05c7, 0x05c7],
  [0x0610, 0x061a],
  [0x064b, 0x065f],
  [0x0670, 0x0670],
  [0x06d6, 0x06dc],
  [0x06df, 0x06e4],
  [0x06e7, 0x06e7],
  [0x06e8, 0x06e8],
  [0x06ea, 0x06ed],
  [0x0711, 0x0711],
  [0x0730, 0x074a],
  [0x08ca, 0x08e1],
  [0x08e3, 0x08ff],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
  [0xfe20, 0xfe2f],
);

/** Whatever is no letter, digit or mark: compatibility forms unfold into some (½ is `1⁄2`). */
const NO_WORD = /[^\p{L}\p{N}\p{M}]|[\u02b0-\u02ff]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/**
 * A word as it is compared: without case, without accents, in the letters that a plain keyboard
 * has. Folding what is folded changes nothing. Empty where nothing of it counts.
 *
 * Compatibility forms (full-width letters, ligatures) are resolved by NFKC (Unicode UAX #15).
 */
export function foldWord(word: string): string {
  if (isPlain(word)) return word.toLowerCase();
  // An unfolded letter can hold another that folds (ǿ is ø with an accent; ŉ holds an apostrophe).
  let folded = foldOnce(word);
  for (let next = foldOnce(folded); next !== folded; next = foldOnce(folded)) folded = next;
  return folded;
}

/**
 * One character of a script that is written without spaces between words. Only its form is
 * unified: no mark is left out, since が is not か.
 */
export function foldCharacter(character: string): string {
  return character.normalize('NFKC').replace(NO_WORD, '').normalize('NFC');
}

/** A name (of a folder, a tag, a model) as it is compared: folded, with single spaces. */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .split(/\s+/u)
    .filter((part) => part !== '')
    .map(foldNamePart)
    .join(' ');
}

function foldNamePart(part: string): string {
  return stripMarks(part.toLowerCase()).replace(SPECIAL, plainLetter).normalize('NFC');
}

function foldOnce(word: string): string {
  const lower = word.normalize('NFKC').toLowerCase();
  return stripMarks(lower)
    .replace(SPECIAL, plainLetter)
    .replace(ARABIC_DIGIT, asciiDigit)
    .replace(NO_WORD, '')
    .normalize('NFC');
}

function stripMarks(text: string): string {
  return text.normalize('NFD').replace(OPTIONAL_MARKS, '');
}

function plainLetter(letter: string): string {
  return PLAIN_LETTERS[letter] ?? letter;
}

function asciiDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  return String(code - (code >= 0x6f0 ? 0x6f0 : 0x660));
}

function isPlain(word: string): boolean {
  for (let i = 0; i < word.length; i += 1) {
    const code = word.charCodeAt(i);
    const letterOrDigit =
      (code >= 0x61 && code <= 0x7a) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x30 && code <= 0x39);
    if (!letterOrDigit) return false;
  }
  return true;
}
