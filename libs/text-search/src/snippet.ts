import type { Occurrence } from './occurrences.js';

/** `[start, end)` in UTF-16 code units. */
export type Range = [start: number, end: number];

/** A part of a text, with what is to be marked in it. */
export interface Snippet {
  readonly text: string;
  /** In `text`, sorted, not overlapping. */
  readonly highlights: Range[];
}

/** How much of what is left stands before the place, so that one reads how it comes about. */
const BEFORE = 1 / 3;
/** How far a cut moves to the end of a word. */
const WORD_SLACK = 24;
/** How far back a text is read to tell where its graphemes begin, and how long one can be. */
const CONTEXT = 256;

const SPACE = /\s/u;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * The best place of a text: where the most of the terms stand within the length, the closest
 * together, the first among equals; the beginning where there are none.
 *
 * @param length at most so many UTF-16 code units; never half of a surrogate pair, and of a
 *   grapheme only where a single one is longer.
 */
export function snippetOf(
  text: string,
  occurrences: readonly Occurrence[],
  length: number,
): Snippet {
  const [from, to] = bestPlace(occurrences, length);
  const [start, end] = cutAround(text, [from, Math.min(to, from + length)], length);
  return { text: text.slice(start, end), highlights: highlightsOf(occurrences, [start, end]) };
}

/** What to mark in a part of a text, counted from its start; all of the text when absent. */
export function highlightsOf(
  occurrences: readonly Occurrence[],
  [from, to]: Range = [0, Number.POSITIVE_INFINITY],
): Range[] {
  const ranges = occurrences
    .map(({ start, end }): Range => [Math.max(start, from) - from, Math.min(end, to) - from])
    .filter(([start, end]) => start < end)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && range[0] < last[1]) last[1] = Math.max(last[1], range[1]);
    else merged.push(range);
  }
  return merged;
}

/** @param occurrences by their place. */
function bestPlace(occurrences: readonly Occurrence[], length: number): Range {
  let best: Range = [0, 0];
  let bestTerms = 0;
  const inside = new Map<number, number>();
  let first = 0;
  for (const last of occurrences) {
    inside.set(last.term, (inside.get(last.term) ?? 0) + 1);
    for (;;) {
      const one = occurrences[first];
      if (one === undefined || one === last) break;
      const isSpare = (inside.get(one.term) ?? 0) > 1;
      if (!isSpare && last.end - one.start <= length) break;
      const left = (inside.get(one.term) ?? 1) - 1;
      if (left === 0) inside.delete(one.term);
      else inside.set(one.term, left);
      first += 1;
    }
    const place: Range = [occurrences[first]?.start ?? 0, last.end];
    const isCloser = place[1] - place[0] < best[1] - best[0];
    if (inside.size > bestTerms || (inside.size === bestTerms && isCloser)) {
      best = place;
      bestTerms = inside.size;
    }
  }
  return best;
}

/** @param place at most `length` long. */
function cutAround(text: string, [from, to]: Range, length: number): Range {
  const spare = length - (to - from);
  // Near the end of the text there is more to show before the place than behind it.
  const earliest = Math.min(from - Math.floor(spare * BEFORE), text.length - length);
  const wanted = Math.max(0, earliest);
  const start = toGrapheme(text, toWordStart(text, wanted, from), from);
  const most = Math.min(text.length, start + length);
  const end = toWordEnd(text, most, to);
  return [start, endOnGrapheme(text, start, end)];
}

/** The next beginning of a word, where one is near and not behind `most`. */
function toWordStart(text: string, at: number, most: number): number {
  if (at === 0) return 0;
  for (let start = at; start <= Math.min(most, at + WORD_SLACK); start += 1) {
    const isStart = SPACE.test(text[start - 1] ?? '') && !SPACE.test(text[start] ?? '');
    if (isStart) return start;
  }
  return at;
}

/** The last end of a word, where one is near and not before `least`. */
function toWordEnd(text: string, at: number, least: number): number {
  if (at === text.length) return at;
  for (let end = at; end >= Math.max(least, at - WORD_SLACK); end -= 1) {
    const isEnd = SPACE.test(text[end] ?? '') && !SPACE.test(text[end - 1] ?? '');
    if (isEnd) return end;
  }
  return at;
}

/** The first boundary of graphemes in `[at, most]`, or the last one before it. */
function toGrapheme(text: string, at: number, most: number): number {
  const boundaries = boundariesBetween(text, at, most + 1);
  return (
    boundaries.find((one) => one >= at && one <= most) ??
    boundaries.findLast((one) => one < at && at - one <= CONTEXT) ??
    whole(text, at)
  );
}

/** The last boundary of graphemes behind `start` up to `end`, or, in a giant one, of code points. */
function endOnGrapheme(text: string, start: number, end: number): number {
  const boundary = boundariesBetween(text, start, end).findLast((one) => one > start && one <= end);
  return boundary ?? whole(text, end);
}

function boundariesBetween(text: string, from: number, to: number): number[] {
  const base = safeStart(text, from);
  // Some more, so that the end of the part is no boundary by itself.
  const part = text.slice(base, whole(text, Math.min(text.length, to + CONTEXT)));
  const boundaries = Array.from(graphemes.segment(part), ({ index }) => base + index);
  return [...boundaries, base + part.length];
}

/** A place at or before this one where a grapheme begins for certain: between two of ASCII. */
function safeStart(text: string, at: number): number {
  const least = Math.max(0, at - CONTEXT);
  for (let start = at; start > least; start -= 1) {
    if (isAscii(text.charCodeAt(start)) && isAscii(text.charCodeAt(start - 1))) return start;
  }
  return whole(text, least);
}

function isAscii(code: number): boolean {
  return code >= 0x20 && code < 0x7f;
}

/** Not between the halves of a surrogate pair. */
function whole(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  const splits = code >= 0xdc00 && code <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
  return splits ? at - 1 : at;
}
