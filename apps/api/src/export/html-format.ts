import { setImmediate as otherRequests } from 'node:timers/promises';
import type { Token } from 'markdown-it';
import { HTML_STYLE } from './html-style.js';
import { createParser } from './safe-markdown.js';
import { branchLineOf, headOf, timeOf, titleOf, type Conversation } from './turn.js';

/** Colouring costs more than it shows beyond so many characters of one block. */
const MOST_CODE = 50_000;
const BLOCKS = /^(?:paragraph|heading|blockquote|bullet_list|ordered_list|table)_open$/;

type Highlight = (code: string, language: string) => string;

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
${render(turn.message.content)}</div>
</article>
`;
    await otherRequests();
  }
  yield '</main>\n</body>\n</html>\n';
}

let renderer: Promise<(markdown: string) => string> | undefined;

/** The grammars are read when they are first needed: most servers never export HTML. */
function loadRenderer(): Promise<(markdown: string) => string> {
  renderer ??= import('highlight.js/lib/common').then(({ default: highlighter }) =>
    createRenderer((code, language) =>
      highlighter.getLanguage(language) === undefined || code.length > MOST_CODE
        ? ''
        : highlighter.highlight(code, { language, ignoreIllegals: true }).value,
    ),
  );
  return renderer;
}

function createRenderer(highlight: Highlight): (markdown: string) => string {
  const parser = createParser().set({ highlight });
  const { rules } = parser.renderer;
  rules.link_open = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet('rel', 'noopener noreferrer');
    return self.renderToken(tokens, index, options);
  };
  // A table that is wider than the page scrolls by itself.
  rules.table_open = () => '<div class="table"><table dir="auto">\n';
  rules.table_close = () => '</table></div>\n';
  rules.image = (tokens, index) => imageLink(tokens[index]);
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
  return (markdown) => parser.render(markdown);
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
