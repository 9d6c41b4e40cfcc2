import type { MarkdownIt } from 'markdown-it';

/** About three for an item of a list: as many as take the parser some 50 milliseconds. */
const MOST_TOKENS = 60_000;
/** Lines looked at, each once for every block around it. */
const MOST_LINES = 250_000;
/** Quotes and lists in each other; deeper ones the parser would leave out, with their text. */
const MOST_LEVELS = 200;

/** A text with more structure than anybody writes, which would keep its reader busy for seconds. */
export class TooMuchStructure extends Error {
  override readonly name = 'TooMuchStructure';
}

/**
 * Lets `parse` end with {@link TooMuchStructure} where a text costs more than its length: tables of
 * many columns and short rows, whose missing cells the parser adds, and lines below deep quotes. It
 * counts and does not measure time, so a text always comes out the same.
 */
export function limitStructure(parser: MarkdownIt): void {
  let lines = 0;
  parser.core.ruler.before('block', 'structure_limit', () => {
    lines = 0;
  });
  // Asked first about every line, also about those that might end a block: a rule that never fits.
  parser.block.ruler.before(
    'table',
    'structure_limit',
    ({ tokens, level }) => {
      lines += 1;
      if (lines > MOST_LINES || tokens.length > MOST_TOKENS || level > MOST_LEVELS) {
        throw new TooMuchStructure();
      }
      return false;
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  );
}
