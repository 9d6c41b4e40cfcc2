/** Colours code; an empty string where it stays as it is. */
export type Highlight = (code: string, language: string) => string;

/** Colouring more would take longer than other requests may wait. */
const MOST_CODE = 8_000;
/**
 * The same for grammars that take any row of words in a time that grows with the square of its
 * length or faster: 16,000 characters of C# took more than a second.
 */
const MOST_OF: Readonly<Partial<Record<string, number>>> = { 'C#': 4_000, 'Shell Session': 1_000 };
/** Nearly every grammar takes such time for a run of characters without a space. */
const LONG_RUN = /\S{100}/;

let highlighter: Promise<Highlight> | undefined;

/**
 * Colours of the languages that chats are full of, for blocks that take at most about a tenth of a
 * second. The grammars are read when they are first needed: most servers never export HTML.
 */
export function loadHighlight(): Promise<Highlight> {
  highlighter ??= import('highlight.js/lib/common').then(({ default: library }) => {
    return (code, language) => {
      const grammar = library.getLanguage(language);
      if (grammar === undefined) return '';
      const most = MOST_OF[grammar.name ?? ''] ?? MOST_CODE;
      if (code.length > most || LONG_RUN.test(code)) return '';
      return library.highlight(code, { language, ignoreIllegals: true }).value;
    };
  });
  return highlighter;
}
