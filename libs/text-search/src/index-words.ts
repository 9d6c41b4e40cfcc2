import { unitsOf, type TextUnit } from './text-units.js';

/**
 * Stands before what is no word of a text: a beginning of one, or whatever else an index notes
 * among its words. No folded text holds it.
 */
export const MARK = '^';

/** As many characters of a word are words of the index themselves. */
export const INDEXED_PREFIX = 2;

/** A text as an index holds it, everything once. */
export interface IndexedText {
  /**
   * Its words and symbols; the first and the first two characters of every word, marked; single
   * characters and pairs of neighbours where a script has no spaces, so that any run of characters
   * is found by its pairs.
   */
  readonly words: string[];
  /** Those of its words that somebody can type the beginning of, and that it does not hold. */
  readonly vocabulary: string[];
}

/** Takes time in proportion to the length of the text. */
export function indexText(text: string): IndexedText {
  const words = new Set<string>();
  const vocabulary = new Set<string>();
  let before: TextUnit | undefined;
  for (const unit of unitsOf(text)) {
    if (unit.kind === 'character') {
      words.add(unit.text);
      if (before !== undefined && touches(before, unit)) words.add(before.text + unit.text);
    } else if (!words.has(unit.text)) {
      words.add(unit.text);
      if (unit.kind === 'word') addWord(unit.text, words, vocabulary);
    }
    before = unit;
  }
  return { words: [...words], vocabulary: [...vocabulary] };
}

/** How the index holds the first characters of a word; for at most `INDEXED_PREFIX` of them. */
export function prefixWord(prefix: string): string {
  return MARK + prefix;
}

/** Whether two characters follow one another without anything in between. */
export function touches(before: TextUnit, unit: TextUnit): boolean {
  return (
    before.kind === 'character' &&
    unit.kind === 'character' &&
    (before.end === unit.start || before.start === unit.start)
  );
}

function addWord(word: string, words: Set<string>, vocabulary: Set<string>): void {
  let prefix = '';
  let characters = 0;
  for (const character of word) {
    characters += 1;
    // Longer than every beginning that is a word of the index.
    if (characters > INDEXED_PREFIX) {
      vocabulary.add(word);
      return;
    }
    prefix += character;
    words.add(prefixWord(prefix));
  }
}
