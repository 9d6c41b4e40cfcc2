import { needsText, wordsOfTerm, type QueryTerm, type TextMatch } from '@chat/text-search';
import { ANYTHING } from './search-conditions.js';
import type { SearchPlace } from './search-entry.schema.js';

/**
 * A part of the answer to a search. Parts follow one another; within a stretch of one, what is found
 * is sorted by its `classOf`, then newest first.
 */
export interface SearchTier {
  readonly places: readonly SearchPlace[];
  /** As in `EntryQuery`. */
  readonly words: readonly (readonly string[])[];
  readonly without: readonly string[];
  /**
   * Whether texts have to be read to tell what belongs here, and in which order; absent where the
   * index has told it all.
   */
  readonly judge?: {
    readonly accepts: (match: TextMatch) => boolean;
    /** Smaller comes first. */
    readonly classOf: (match: TextMatch) => readonly number[];
  };
}

/** The words of a user that begin so, itself among them where there is one. */
export type Complete = (beginning: string, limit: number) => Promise<readonly string[]>;

/**
 * To so many words the beginnings of one query are completed altogether. Each is a range of the
 * index, which takes some microseconds to open; the embedded database opens up to 20,000.
 */
const COMPLETIONS = 15_000;
const COMPLETIONS_OF_ONE = 10_000;
/** The same where only some of the words are asked for: each is in several lists then. */
const COMPLETIONS_OF_PARTS = 3_000;
/** Of more words, not every combination is asked for. */
const FEW_WORDS = 6;

/** A term with what the index has of it. */
interface IndexedTerm {
  readonly term: QueryTerm;
  /** All of these lists, word for word. */
  readonly exact: readonly (readonly string[])[];
  /** The same, the last word of it begun. */
  readonly begun: readonly (readonly string[])[];
  /** Whether `begun` can find more. */
  readonly goesOn: boolean;
}

/**
 * The parts of the answer, best first: titles with all words, messages with all words, each with
 * the words as they are before such that only begin so; then what has some of the words, two or
 * more of them before one, titles before messages. What is quoted is in all of them.
 *
 * @param places where to look at all.
 */
export async function tiersOf(
  terms: readonly QueryTerm[],
  places: readonly SearchPlace[],
  complete: Complete,
): Promise<SearchTier[]> {
  if (places.length === 0) return [];
  if (terms.length === 0) return [{ places, words: [ANYTHING], without: [] }];
  const limit = Math.min(COMPLETIONS_OF_ONE, Math.floor(COMPLETIONS / terms.length));
  const indexed = await Promise.all(terms.map((term) => indexedTerm(term, complete, limit)));
  const each = (tier: Omit<SearchTier, 'places'>): SearchTier[] =>
    places.map((place) => ({ ...tier, places: [place] }));
  const whole = wholeTiers(indexed);
  return [
    ...places.flatMap((place) => whole.map((tier) => ({ ...tier, places: [place] }))),
    ...partTiers(indexed).flatMap(each),
  ];
}

async function indexedTerm(
  term: QueryTerm,
  complete: Complete,
  limit: number,
): Promise<IndexedTerm> {
  const exact = wordsOfTerm(term, false).whole.map((word) => [word]);
  const { whole, begun } = wordsOfTerm(term, true);
  if (begun === undefined) return { term, exact, begun: exact, goesOn: false };
  const words = [...new Set([begun, ...(await complete(begun, limit))])];
  return {
    term,
    exact,
    begun: [...whole.map((word) => [word]), words],
    goesOn: words.length > 1,
  };
}

/** Everything that has all of the words. */
function wholeTiers(terms: readonly IndexedTerm[]): Omit<SearchTier, 'places'>[] {
  const count = terms.length;
  const [only] = terms;
  const isPlain = count === 1 && only !== undefined && !needsText(only.term);
  const exact = { words: terms.flatMap((term) => term.exact), without: [] };
  const begun = { words: terms.flatMap((term) => term.begun), without: [] };
  const goesOn = terms.some((term) => term.goesOn);
  if (isPlain) {
    return goesOn ? [exact, { ...begun, without: only.exact.flat() }] : [exact];
  }
  const tiers: Omit<SearchTier, 'places'>[] = [
    {
      ...exact,
      judge: {
        accepts: (match) => match.exact === count,
        classOf: ({ distance }) => [distance],
      },
    },
  ];
  if (goesOn) {
    tiers.push({
      ...begun,
      judge: {
        accepts: (match) => match.matched === count && match.exact < count,
        classOf: (match) => [-match.exact, match.distance],
      },
    });
  }
  return tiers;
}

/** What has some of the words: two or more, one, and none beside what is quoted. */
function partTiers(terms: readonly IndexedTerm[]): Omit<SearchTier, 'places'>[] {
  const quoted = terms.filter(({ term }) => term.quoted);
  const optional = terms.filter(({ term }) => !term.quoted);
  const needed = quoted.flatMap((term) => term.exact);
  const count = optional.length;
  const least = quoted.length > 0 ? 0 : 1;
  const tiers: Omit<SearchTier, 'places'>[] = [];
  for (const atLeast of [2, 1, 0]) {
    if (atLeast >= count || atLeast < least) continue;
    const upTo = atLeast === 2 ? count - 1 : atLeast;
    tiers.push({
      words: [...needed, ...atLeastSome(optional, atLeast)],
      without: [],
      judge: {
        accepts: (match) => {
          const matched = match.matched - quoted.length;
          return matched >= atLeast && matched <= upTo && hasAll(match, terms);
        },
        classOf: (match) => [-match.matched, -match.exact, match.distance],
      },
    });
  }
  return tiers;
}

/** Lists such that whoever has a word of each has at least so many of the terms, of 0, 1 or 2. */
function atLeastSome(terms: readonly IndexedTerm[], atLeast: number): string[][] {
  if (atLeast === 0) return [];
  const lists = atLeast === 1 ? 1 : terms.length - 1;
  const most = Math.floor(COMPLETIONS_OF_PARTS / (terms.length * lists));
  // The first word of each stands for it: what has none of them, does not have the term.
  const words = terms.map(({ exact, begun }) =>
    terms.length > FEW_WORDS ? (exact[0] ?? []) : shortest(begun[0] ?? [], most),
  );
  if (atLeast === 1) return [words.flat()];
  // Whoever has only one of them has nothing of the list that leaves this one out.
  return words.map((_, left) => words.filter((_word, i) => i !== left).flat());
}

/** Of the words that begin so, the typed one first, those that are not much longer. */
function shortest(words: readonly string[], most: number): readonly string[] {
  return words.length <= most
    ? words
    : [...words].sort((a, b) => a.length - b.length).slice(0, most);
}

/** Whether everything that is quoted is there. */
function hasAll({ occurrences }: TextMatch, terms: readonly IndexedTerm[]): boolean {
  return terms.every(
    ({ term }, i) => !term.quoted || occurrences.some((occurrence) => occurrence.term === i),
  );
}
