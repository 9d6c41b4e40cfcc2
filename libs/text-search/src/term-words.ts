import type { QueryTerm, QueryUnit } from './query.js';

/** What an index must hold of a text that has a term. */
export interface TermWords {
  /** All of these. */
  readonly whole: readonly string[];
  /** And a word that this is the beginning of (or the whole); absent where none can go on. */
  readonly begun?: string;
}

/**
 * Where to look a term up in an index that was made with `indexText`.
 *
 * @param prefix whether the last word may be the beginning of a longer one.
 */
export function wordsOfTerm({ units, quoted }: QueryTerm, prefix: boolean): TermWords {
  const whole = new Set<string>();
  const last = units.at(-1);
  const mayGoOn = prefix && !quoted && last?.kind === 'word';
  units.forEach((unit, i) => {
    if (mayGoOn && i === units.length - 1) return;
    const before = units[i - 1];
    if (unit.touches && before !== undefined) whole.add(before.text + unit.text);
    else if (units[i + 1]?.touches !== true) whole.add(unit.text);
  });
  return { whole: [...whole], ...(mayGoOn ? { begun: last.text } : {}) };
}

/**
 * Whether a text can lack a term although the index has all its words: then the text itself has to
 * be read. A single unit and a pair of neighbours are words of the index themselves.
 */
export function needsText({ units }: QueryTerm): boolean {
  const isPair = (pair: readonly QueryUnit[]): boolean =>
    pair.length === 2 && pair[1]?.touches === true;
  return units.length > 1 && !isPair(units);
}
