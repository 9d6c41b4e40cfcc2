import { setImmediate as otherRequests } from 'node:timers/promises';
import type { Env, MarkdownIt, Token } from 'markdown-it';
import { loadHighlight, type Highlight } from './highlight.js';
import { HTML_STYLE } from './html-style.js';
import { createParser } from './safe-markdown.js';
import { limitStructure, TooMuchStructure } from './structure-limit.js';
import { branchLineOf, headOf, timeOf, titleOf, type Conversation } from './turn.js';

/** A longer paragraph is shown as it was written: it takes its reader more than a moment. */
const MOST_INLINE = 20_000;
/** Brackets in brackets take as many looks at all that follows. */
const MOST_NESTED_INLINE = 100;
/** How long one message keeps other requests waiting at a time, in milliseconds. */
const SLICE_MS = 20;
const BLOCKS = /^(?:paragraph|heading|blockquote|bullet_list|ordered_list|table)_open$/;

/** The HTML of a text in Markdown, piece by piece. */
type Render = (markdown: string) => Iterable<string>;

/**
 * One file that needs nothing else: no script, nothing to fetch, light or dark as its reader wants,
 * and fit for print. Messages are Markdown without HTML; images are links to where they lie.
 */
export async function* toHtml({ session, turns }: Conversation): AsyncIterable<string> {
  const title = escapeHtml(titleOf(session));
  const render = await loadRenderer();
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<header>
<h1 dir="auto">${title}</h1>
<p>Begun ${timeTag(session.created_at)}</p>
</header>
<main>
`;
  if (session.system_prompt !== null) {
    yield `<section class="instructions">\n<h2>Instructions</h2>\n<p class="verbatim" dir="auto">${escapeHtml(session.system_prompt)}</p>\n</section>\n`;
  }
  for await (const turn of turns) {
    if (turn.beginsAfter !== undefined) {
      yield `<p class="branch" role="separator">${branchLineOf(turn.beginsAfter)}</p>\n`;
    }
    const { who, details } = headOf(turn);
    const [, ...notes] = details;
    const said = [timeTag(turn.message.created_at), ...notes.map(escapeHtml)].join(' · ');
    yield `<article class="${turn.message.role}">
<h2>${escapeHtml(who)}</h2>
<p class="details">${said}</p>
<div class="content">
`;
    yield* inSlices(render(turn.message.content));
    yield '</div>\n</article>\n';
  }
  yield '</main>\n</body>\n</html>\n';
}

/** Puts together what is made within a moment, and then lets other requests have theirs. */
async function* inSlices(pieces: Iterable<string>): AsyncIterable<string> {
  let made = '';
  let begun = performance.now();
  for (const piece of pieces) {
    made += piece;
    if (performance.now() - begun < SLICE_MS) continue;
    yield made;
    await otherRequests();
    made = '';
    begun = performance.now();
  }
  yield made;
  await otherRequests();
}

let renderer: Promise<Render> | undefined;

function loadRenderer(): Promise<Render> {
  renderer ??= loadHighlight().then((highlight) => {
    const blocks = blockParser(highlight);
    const inlines = inlineParser();
    return (markdown) => pieces(markdown, blocks, inlines);
  });
  return renderer;
}

/** What both parsers make of a text, one block's tag or one paragraph's text after the other. */
function* pieces(markdown: string, blocks: MarkdownIt, inlines: MarkdownIt): Iterable<string> {
  // Addresses that the text defines for its links stand in here.
  const env: Env = {};
  const tokens = parsed(blocks, markdown, env);
  if (tokens === undefined) {
    yield `<p class="verbatim" dir="auto">${escapeHtml(markdown)}</p>\n`;
    return;
  }
  const { renderer: rendering, options } = blocks;
  for (const [index, { type, content }] of tokens.entries()) {
    if (type !== 'inline') {
      const rule = rendering.rules[type];
      yield (
        rule?.(tokens, index, options, env, rendering) ??
        rendering.renderToken(tokens, index, options)
      );
    } else if (content.length > MOST_INLINE) {
      yield `<span class="verbatim">${escapeHtml(content)}</span>`;
    } else {
      yield inlines.renderInline(content, env);
    }
  }
}

/** The blocks of a text; undefined where they are more than anybody writes. */
function parsed(blocks: MarkdownIt, markdown: string, env: Env): Token[] | undefined {
  try {
    return blocks.parse(markdown, env);
  } catch (error) {
    if (error instanceof TooMuchStructure) return undefined;
    throw error;
  }
}

/** Finds and shows blocks, and leaves the text in them alone. */
function blockParser(highlight: Highlight): MarkdownIt {
  const parser = createParser().set({ highlight });
  parser.core.ruler.disable(['inline', 'linkify', 'text_join']);
  limitStructure(parser);
  const { rules } = parser.renderer;
  // A table that is wider than the page scrolls by itself.
  rules.table_open = () => '<div class="table"><table dir="auto">\n';
  rules.table_close = () => '</table></div>\n';
  parser.core.ruler.push('direction', ({ tokens }) => {
    for (const token of tokens) if (BLOCKS.test(token.type)) token.attrSet('dir', 'auto');
  });
  // Headings come below those of the document and of the message.
  parser.core.ruler.push('levels', ({ tokens }) => {
    for (const token of tokens) {
      if (/^heading_(?:open|close)$/.test(token.type)) {
        token.tag = `h${Math.min(Number(token.tag.slice(1)) + 2, 6)}`;
      }
    }
  });
  return parser;
}

function inlineParser(): MarkdownIt {
  const parser = createParser().set({ maxNesting: MOST_NESTED_INLINE });
  const { rules } = parser.renderer;
  rules.link_open = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet('rel', 'noopener noreferrer');
    return self.renderToken(tokens, index, options);
  };
  rules.image = (tokens, index) => imageLink(tokens[index]);
  return parser;
}

function imageLink(token: Token | undefined): string {
  const address = escapeHtml(String(token?.attrGet('src') ?? ''));
  const alt = escapeHtml((token?.children ?? []).map(({ content }) => content).join(''));
  return `<a href="${address}" rel="noopener noreferrer">Image: ${alt || address}</a>`;
}

function timeTag(date: Date): string {
  return `<time datetime="${date.toISOString()}">${timeOf(date)}</time>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
