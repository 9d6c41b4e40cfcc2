/** A large part of the page that is fetched only when a message needs it. */
export interface SeparatePart {
  name: string;
  /** Words that stand in its code, minified or not, and in none of ours. */
  mark: string;
}

export const SEPARATE_PARTS: readonly SeparatePart[] = [
  { name: 'Markdown parser', mark: 'blockquote_open' },
  { name: 'Highlighter', mark: 'Unknown language: "' },
  { name: 'KaTeX', mark: 'KaTeX parse error' },
  { name: 'Mermaid', mark: 'Maximum text size in diagram exceeded' },
];

/**
 * Where parts stand that should stand alone.
 *
 * @param early the files that an open chat needs, with their text.
 * @param all every file that was built, with its text.
 * @returns a sentence for each part that is in an early file, or in none at all (then its mark no
 * longer fits and the check would see nothing).
 */
export function misplacedParts(
  parts: readonly SeparatePart[],
  early: ReadonlyMap<string, string>,
  all: ReadonlyMap<string, string>,
): string[] {
  return parts.flatMap(({ name, mark }) => {
    const isIn = ([, text]: [string, string]): boolean => text.includes(mark);
    if (![...all].some(isIn)) return [`${name}: in no file; its mark "${mark}" no longer fits.`];
    return [...early].filter(isIn).map(([file]) => `${name}: loaded too early, in ${file}.`);
  });
}
