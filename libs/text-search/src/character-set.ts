/** Code points from the first to the last. */
export type CodeRange = readonly [first: number, last: number];

/** A regular expression for each character of these ranges: as numbers, marks alone are readable. */
export function anyOf(...ranges: readonly CodeRange[]): RegExp {
  const parts = ranges.map(([first, last]) => `[${escaped(first)}-${escaped(last)}]`);
  return new RegExp(parts.join('|'), 'gu');
}

function escaped(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}
