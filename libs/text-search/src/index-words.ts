import { unitsOf, type TextUnit } from './text-units.js';

/**
 * Stands before what is no word of a text: a beginning of one, or whatever else an index notes
 * among its words. No folded text holds it.
 */
export const MARK = '^';

/** As many characters of a word are words of the index themselves. */
export const INDEXED_PREFIX = 2;

/**
 * What an index of a text holds, each once: its words and symbols; the first and the first two
 * characters of every word, marked; single characters and pairs of neighbours where a script has no
 * spaces, so that any run of characters is found by its pairs.
 */
export function indexWords(text: string): string[] {
  const words = new Set<string>();
  let before: TextUnit | undefined;
  for (const unit of unitsOf(text)) {
    words.add(unit.text);
    if (unit.kind === 'word') {
      for (const prefix of shortPrefixes(unit.text)) words.add(prefix);
    } else if (unit.kind === 'character' && before !== undefined && touches(before, unit)) {
      words.add(before.text + unit.text);
    }
    before = unit;
  }
  return [...words];
}

/** Whether a word of an index can be the beginning of a longer one that somebody types: no mark. */
export function isPlainWord(word: string): boolean {
  return !word.startsWith(MARK);
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

function shortPrefixes(word: string): string[] {
  const prefixes: string[] = [];
  let prefix = '';
  for (const character of word) {
    prefix += character;
    prefixes.push(prefixWord(prefix));
    if (prefixes.length === INDEXED_PREFIX) break;
  }
  return prefixes;
}
