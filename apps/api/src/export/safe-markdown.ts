import createMarkdownIt, { type MarkdownIt } from 'markdown-it';

/** What a link of an untrusted text may open. Everything else stays text. */
const LINK_PROTOCOLS: readonly string[] = ['http:', 'https:', 'mailto:'];

/** What is nested deeper is left out by the parser; nobody writes that deep. */
const MOST_NESTED = 1_000;

/**
 * A parser of the Markdown that the page shows: CommonMark with tables, strike-through and bare
 * addresses, HTML as plain text, and no link but to the web and to mail.
 */
export function createParser(): MarkdownIt {
  const parser = createMarkdownIt({ html: false, linkify: true, breaks: false });
  parser.set({ maxNesting: MOST_NESTED });
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  parser.validateLink = (address) => isSafeLink(address);
  return parser;
}

/** Whether a person may be led there. Relative addresses lead nowhere from a file. */
export function isSafeLink(address: string): boolean {
  try {
    return LINK_PROTOCOLS.includes(new URL(address).protocol);
  } catch {
    return false;
  }
}
