/** What a code point is to the reader of a text. */
export const CharacterClass = {
  separator: 1,
  /** Begins or continues a word that ends at a separator. */
  word: 2,
  /** Continues a word, never begins one: a combining mark, an invisible joiner. */
  continuing: 3,
  /** Of a script that is written without spaces between words (or, Korean, with few). */
  character: 4,
  /** A character that belongs to the one before: a voicing mark, the end of a Korean syllable. */
  trailing: 5,
  symbol: 6,
  /** One half of a flag. */
  flag: 7,
} as const;

export type CharacterClass = (typeof CharacterClass)[keyof typeof CharacterClass];

const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\p{scx=Yi}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const MARK = /\p{M}/u;
const SYMBOL = /\p{Extended_Pictographic}/u;
const FLAG = /\p{Regional_Indicator}/u;
/** Soft hyphen and the joiners that Persian and Indic words hold. */
const JOINER = /\u00ad|\u200c|\u200d/u;
/** Letters by their category that stand where others write an apostrophe. */
const APOSTROPHE = /[\u02b9-\u02bf\u02c8\u02ee]/u;
/** Voicing marks of kana, vowels and finals of Korean syllables, variation selectors. */
const TRAILING =
  /\u3099|\u309a|[\uff9e\uff9f]|[\u1160-\u11ff]|[\ud7b0-\ud7fb]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/u;

/** The Basic Multilingual Plane, filled as it is met: a regular expression a letter takes too long. */
const known = new Uint8Array(0x1_0000);

/** @param codePoint of a text, also a lone surrogate. */
export function classOf(codePoint: number): CharacterClass {
  if (codePoint > 0xffff) return classify(codePoint);
  const seen = known[codePoint];
  if (seen !== undefined && seen !== 0) return seen as CharacterClass;
  const found = classify(codePoint);
  known[codePoint] = found;
  return found;
}

function classify(codePoint: number): CharacterClass {
  const character = String.fromCodePoint(codePoint);
  if (TRAILING.test(character)) return CharacterClass.trailing;
  if (APOSTROPHE.test(character)) return CharacterClass.separator;
  if (LETTER_OR_DIGIT.test(character)) {
    return UNSPACED.test(character) ? CharacterClass.character : CharacterClass.word;
  }
  if (MARK.test(character)) {
    return UNSPACED.test(character) ? CharacterClass.character : CharacterClass.continuing;
  }
  if (JOINER.test(character)) return CharacterClass.continuing;
  if (FLAG.test(character)) return CharacterClass.flag;
  return SYMBOL.test(character) ? CharacterClass.symbol : CharacterClass.separator;
}
