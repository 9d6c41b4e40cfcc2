/** The first line of a fenced code block (CommonMark 0.31, section 4.5), also in a list or a quote. */
const FENCE = /(?:^|\n)[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:`{3}|~{3})/u;

/** Whether a Markdown text has a fenced code block, closed or not. Code in a line is none. */
export function hasCodeBlock(markdown: string): boolean {
  return FENCE.test(markdown);
}
