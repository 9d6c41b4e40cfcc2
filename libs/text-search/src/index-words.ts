import { visitUnits, type TextUnit } from './text-units.js';

/** Stands before what is no word of a text, but noted among the words of an index. No folded text holds it. */
export const MARK = '^';

/**
 * So many distinct words of a text are indexed, the first ones. No text of 100,000 UTF-16 code units
 * has more: one gives at most a pair and, where it was not there before, itself, and the scripts
 * without spaces have some 40,000 of one code unit. A database takes 16 MiB in a document, and holds
 * all keys of one at once.
 */
export const INDEXED_WORDS = 150_000;

/** A text as an index holds it, everything once. */
export interface IndexedText {
  /**
   * Its words and symbols; single characters and pairs of neighbours where a script has no spaces,
   * so that any run of characters is found by its pairs.
   */
  readonly words: string[];
  /** Those of its words that somebody can type the beginning of: of more than one character. */
  readonly vocabulary: string[];
}

/** Takes time in proportion to the length of the text. */
export function indexText(text: string): IndexedText {
  const words = new Set<string>();
  const vocabulary: string[] = [];
  let before: TextUnit | undefined;
  visitUnits(text, (unit) => {
    if (words.size >= INDEXED_WORDS) return;
    if (unit.kind === 'character') {
      words.add(unit.text);
      if (before !== undefined && touches(before, unit)) words.add(before.text + unit.text);
    } else if (!words.has(unit.text)) {
      words.add(unit.text);
      if (unit.kind === 'word' && hasBeginning(unit.text)) vocabulary.push(unit.text);
    }
    before = unit;
  });
  return { words: [...words], vocabulary };
}

/** Whether two characters follow one another without anything in between. */
export function touches(before: TextUnit, unit: TextUnit): boolean {
  return (
    before.kind === 'character' &&
    unit.kind === 'character' &&
    (before.end === unit.start || before.start === unit.start)
  );
}

/** Whether it has more than one character; one can be two code units. */
function hasBeginning(word: string): boolean {
  return word.length > ((word.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
}
