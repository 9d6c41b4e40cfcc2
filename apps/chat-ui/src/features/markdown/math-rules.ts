import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';

/** Marks around formulas: `$…$` and `\(…\)` in a line, `$$…$$` and `\[…\]` on their own. */
interface Delimiters {
  open: string;
  close: string;
  display: boolean;
}

const DOLLARS: Delimiters = { open: '$$', close: '$$', display: true };
const BRACKETS: Delimiters = { open: '\\[', close: '\\]', display: true };
const PARENTHESES: Delimiters = { open: '\\(', close: '\\)', display: false };

/**
 * Longer formulas are prose between two stray marks. Both limits also bound the search for an end
 * that never comes, which untrusted text could ask for at every character.
 */
const MAX_INLINE_LENGTH = 1000;
const MAX_BLOCK_LINES = 80;

/** Teaches a parser formulas. Their tokens are `math_inline` and `math_block`, the TeX is the content. */
export function addMathRules(parser: MarkdownIt): void {
  parser.inline.ruler.before('escape', 'math_inline', inlineMath);
  parser.block.ruler.before('fence', 'math_block', blockMath, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
}

function inlineMath(state: StateInline, silent: boolean): boolean {
  const found = scanInline(upcoming(state), state.src[state.pos - 1]);
  if (!found) return false;
  if (!silent) {
    const token = state.push('math_inline', 'math', 0);
    token.content = found.tex;
    token.markup = found.display ? '$$' : '$';
  }
  state.pos += found.length;
  return true;
}

function upcoming({ src, pos, posMax }: StateInline): string {
  return src.slice(pos, Math.min(posMax, pos + MAX_INLINE_LENGTH));
}

interface Found {
  tex: string;
  display: boolean;
  length: number;
}

function scanInline(text: string, before: string | undefined): Found | null {
  if (text.startsWith('$$')) return between(text, DOLLARS);
  if (text.startsWith('$')) return betweenSingleDollars(text, before);
  for (const delimiters of [PARENTHESES, BRACKETS]) {
    if (!text.startsWith(delimiters.open)) continue;
    const found = between(text, delimiters);
    // `\[` and `\(` are also how Markdown writes a bracket that means nothing.
    return found && looksLikeMath(found) ? found : null;
  }
  return null;
}

function between(text: string, { open, close, display }: Delimiters): Found | null {
  const end = text.indexOf(close, open.length);
  if (end < 0) return null;
  const tex = text.slice(open.length, end).trim();
  return tex === '' ? null : { tex, display, length: end + close.length };
}

/**
 * `$x$`, but not `$5 and $10`: no space inside the marks, no letter or digit outside them, and not an
 * amount that prose goes on from.
 */
function betweenSingleDollars(text: string, before = ''): Found | null {
  if (/[\p{L}\p{N}\\$]/u.test(before)) return null;
  const match = /^\$(?!\s)((?:\\[^\n]|[^\\$\n])+)\$(?![\p{L}\p{N}$])/u.exec(text);
  const tex = match?.[1];
  if (match === null || tex === undefined || /\s$/.test(tex)) return null;
  if (/^\d[\d.,]*[kKmMbB]?\s+\p{L}{2,}/u.test(tex)) return null;
  return { tex, display: false, length: match[0].length };
}

function looksLikeMath({ tex, display }: Found): boolean {
  if (/[\\^_={}]/.test(tex)) return true;
  if (/\p{L}{2,}/u.test(tex)) return false;
  // `\[1\]` is a footnote's number far more often than a formula.
  return !display || /[<>+*/-]/.test(tex);
}

/**
 * A formula on lines of its own. It ends at its closing mark; a blank line before it means that there
 * is none, so an opening mark alone never swallows what follows.
 */
function blockMath(
  state: StateBlock,
  startLine: number,
  endLine: number,
  silent: boolean,
): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const first = lineOf(state, startLine);
  const delimiters = [DOLLARS, BRACKETS].find(({ open }) => first.startsWith(open));
  if (!delimiters) return false;
  const lines: string[] = [];
  const lastLine = Math.min(endLine, startLine + MAX_BLOCK_LINES);
  for (let line = startLine; line < lastLine; line += 1) {
    const text = lineOf(state, line);
    if (text === '' || (state.sCount[line] ?? 0) < state.blkIndent) return false;
    const from = line === startLine ? delimiters.open.length : 0;
    const close = text.indexOf(delimiters.close, from);
    lines.push(text.slice(from, close < 0 ? undefined : close));
    if (close < 0) continue;
    const tex = lines.join('\n').trim();
    // Text goes on behind it: then it is a formula within a paragraph.
    if (tex === '' || text.length > close + delimiters.close.length) return false;
    if (!silent) pushBlock(state, tex, startLine, line + 1);
    return true;
  }
  return false;
}

function pushBlock(state: StateBlock, tex: string, startLine: number, nextLine: number): void {
  state.line = nextLine;
  const token = state.push('math_block', 'math', 0);
  token.block = true;
  token.content = tex;
  token.map = [startLine, nextLine];
}

function lineOf(state: StateBlock, line: number): string {
  return state.src
    .slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line])
    .trimEnd();
}
