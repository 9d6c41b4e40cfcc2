import type { QueryTerm } from './query.js';
import { unitsOf, type TextUnit } from './text-units.js';

/** A place where a text has a term. */
export interface Occurrence {
  /** Which of the terms, from 0. */
  readonly term: number;
  /** Its first and its last unit in the text. */
  readonly from: number;
  readonly to: number;
  /** Where it stands in the text: `[start, end)` in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Whether its last word is the one typed, not a longer one. */
  readonly exact: boolean;
}

/** How a text answers to the terms of a query. */
export interface TextMatch {
  /** By their place in the text. */
  readonly occurrences: readonly Occurrence[];
  /** How many of the terms it has. */
  readonly matched: number;
  /** How many of them word for word. */
  readonly exact: number;
  /**
   * How many other units stand between the terms it has where they stand closest together: 0 where
   * they follow one another, and for a single term.
   */
  readonly distance: number;
}

/** Finds the terms of one query in many texts. */
export class TermFinder {
  private readonly byFirst = new Map<string, number[]>();
  private readonly begun: readonly { readonly term: number; readonly text: string }[];

  /** @param terms of a query, or what it excludes. */
  constructor(private readonly terms: readonly QueryTerm[]) {
    terms.forEach(({ units }, term) => {
      const first = units[0]?.text ?? '';
      this.byFirst.set(first, [...(this.byFirst.get(first) ?? []), term]);
    });
    this.begun = terms.flatMap((term, i) => {
      const [only, ...more] = term.units;
      const mayGoOn = only?.kind === 'word' && more.length === 0 && !term.quoted;
      return mayGoOn ? [{ term: i, text: only.text }] : [];
    });
  }

  /** Takes time in proportion to the length of the text. */
  find(text: string): TextMatch {
    const occurrences = this.occurrencesIn(unitsOf(text));
    const matched = new Set<number>();
    const exact = new Set<number>();
    for (const found of occurrences) {
      matched.add(found.term);
      if (found.exact) exact.add(found.term);
    }
    return {
      occurrences,
      matched: matched.size,
      exact: exact.size,
      distance: distanceOf(occurrences, matched.size),
    };
  }

  private occurrencesIn(units: readonly TextUnit[]): Occurrence[] {
    const found: Occurrence[] = [];
    units.forEach((unit, at) => {
      for (const term of this.byFirst.get(unit.text) ?? []) {
        const occurrence = this.occurrenceAt(units, at, term);
        if (occurrence !== undefined) found.push(occurrence);
      }
      if (unit.kind !== 'word') return;
      for (const { term, text } of this.begun) {
        if (unit.text.length > text.length && unit.text.startsWith(text)) {
          found.push({ term, from: at, to: at, start: unit.start, end: unit.end, exact: false });
        }
      }
    });
    return found;
  }

  private occurrenceAt(
    units: readonly TextUnit[],
    from: number,
    term: number,
  ): Occurrence | undefined {
    const { units: wanted = [], quoted = true } = this.terms[term] ?? {};
    const to = from + wanted.length - 1;
    const last = units[to];
    const begins = units[from];
    if (last === undefined || begins === undefined) return undefined;
    for (let i = 1; i < wanted.length - 1; i += 1) {
      if (units[from + i]?.text !== wanted[i]?.text) return undefined;
    }
    const end = wanted.at(-1);
    const exact = last.text === end?.text;
    const goesOn =
      !quoted && end?.kind === 'word' && last.kind === 'word' && last.text.startsWith(end.text);
    if (!exact && !goesOn) return undefined;
    return { term, from, to, start: begins.start, end: last.end, exact };
  }
}

/** Whether a text has any of these terms, word for word. */
export function hasAny(finder: TermFinder, text: string): boolean {
  return finder.find(text).exact > 0;
}

/** @param wanted of how many terms there are occurrences. */
function distanceOf(occurrences: readonly Occurrence[], wanted: number): number {
  if (wanted < 2) return 0;
  let least = Number.POSITIVE_INFINITY;
  // The last place of each term so far: of what ends here, the closest together.
  const latest = new Map<number, Occurrence>();
  for (const occurrence of occurrences) {
    latest.set(occurrence.term, occurrence);
    if (latest.size < wanted) continue;
    least = Math.min(least, gapsWithin([...latest.values()]));
    if (least === 0) break;
  }
  return least;
}

function gapsWithin(occurrences: readonly Occurrence[]): number {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  let taken = 0;
  for (const one of occurrences) {
    from = Math.min(from, one.from);
    to = Math.max(to, one.to);
    taken += one.to - one.from + 1;
  }
  // Terms that share words (`new` and "new york") overlap.
  return Math.max(0, to - from + 1 - taken);
}
