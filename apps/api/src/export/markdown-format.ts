import createMarkdownIt, { type Token } from 'markdown-it';
import { branchLineOf, headOf, timeOf, titleOf, type Conversation } from './turn.js';

/** Where a block without an end can begin: a fence, or a block of HTML. */
const CAN_STAY_OPEN = /^ {0,3}(?:`{3,}|~{3,}|<)/m;
/** How the kinds of HTML blocks that go on over blank lines end (CommonMark, section 4.6). */
const HTML_ENDS: readonly (readonly [begin: RegExp, end: RegExp, close: string])[] = [
  [/^<pre(?:\s|>|$)/i, /<\/(?:script|pre|style|textarea)>/i, '</pre>'],
  [/^<script(?:\s|>|$)/i, /<\/(?:script|pre|style|textarea)>/i, '</script>'],
  [/^<style(?:\s|>|$)/i, /<\/(?:script|pre|style|textarea)>/i, '</style>'],
  [/^<textarea(?:\s|>|$)/i, /<\/(?:script|pre|style|textarea)>/i, '</textarea>'],
  [/^<!--/, /-->/, '-->'],
  [/^<\?/, /\?>/, '?>'],
  [/^<!\[CDATA\[/, /\]\]>/, ']]>'],
  [/^<![A-Z]/i, />/, '>'],
];

// Other readers take HTML in Markdown as HTML, so what it leaves open has to be known.
const parser = createMarkdownIt('commonmark');
// Blocks are all that is asked for; what stands in them costs many times as much.
parser.core.ruler.disable('inline');

/**
 * Markdown for people and for other programs. A message's own Markdown stands as it was sent; only
 * a block at its end that is still open is closed, so that it takes nothing of the next message.
 */
export async function* toMarkdown({ session, turns }: Conversation): AsyncIterable<string> {
  yield `# ${escapeMarkdown(titleOf(session))}\n\n*Begun ${timeOf(session.created_at)}*\n`;
  if (session.system_prompt !== null) {
    yield `\n## Instructions\n\n${closed(session.system_prompt)}\n`;
  }
  for await (const turn of turns) {
    if (turn.beginsAfter !== undefined) yield `\n---\n\n*${branchLineOf(turn.beginsAfter)}*\n`;
    const { who, details } = headOf(turn);
    yield `\n## ${escapeMarkdown(who)}\n\n*${escapeMarkdown(details.join(' · '))}*\n\n`;
    yield `${closed(turn.message.content)}\n`;
  }
}

/** The text, with what ends its last block where nothing else does. */
export function closed(markdown: string): string {
  if (!CAN_STAY_OPEN.test(markdown)) return markdown;
  const last = parser
    .parse(markdown, {})
    .findLast(({ level, type }) => level === 0 && /^(?:fence|html_block)$|_close$/.test(type));
  const end = last === undefined ? null : missingEnd(last);
  if (end === null) return markdown;
  return `${markdown}${markdown.endsWith('\n') ? '' : '\n'}${end}`;
}

function missingEnd({ type, map, markup, content }: Token): string | null {
  if (type === 'fence' && map !== null) {
    const lines = content === '' ? 0 : content.replace(/\n$/, '').split('\n').length;
    return map[1] - map[0] === lines + 2 ? null : markup;
  }
  if (type !== 'html_block') return null;
  const html = content.trimStart();
  const [, end, close] = HTML_ENDS.find(([begin]) => begin.test(html)) ?? [];
  return end === undefined || close === undefined || end.test(html) ? null : close;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#&|~!]/g, String.raw`\$&`);
}
