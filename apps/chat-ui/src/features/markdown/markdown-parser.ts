import createMarkdownIt from 'markdown-it';
import { blockNodes } from './block-nodes.js';
import { addMathRules } from './math-rules.js';
import type { ParsedBlock } from './markdown-nodes.js';

/** Where the addresses lie that `[text][label]` means, by label. */
export type References = Record<string, { title: string; href: string }>;

export interface ParsedMarkdown {
  blocks: ParsedBlock[];
  /** Those that were given and those that the text defines. */
  references: References;
}

const parser = createMarkdownIt({ html: false, linkify: true, breaks: false, typographer: false });
// `README.md` and `3.14.test` are no addresses; what begins with a protocol is one.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
// Every link is read as one; what it may open is decided in one place, safe-link.ts.
parser.validateLink = () => true;
addMathRules(parser);

/**
 * Reads a text in Markdown (CommonMark with tables, strike-through, tasks, bare addresses and
 * formulas). This file is a chunk of its own: it is imported dynamically only.
 *
 * @param known references that were defined before this text.
 */
export function parseMarkdown(source: string, known: References = {}): ParsedMarkdown {
  const references: References = { ...known };
  const blocks = blockNodes(parser.parse(source, { references }));
  return { blocks, references };
}

export type ParseMarkdown = typeof parseMarkdown;
