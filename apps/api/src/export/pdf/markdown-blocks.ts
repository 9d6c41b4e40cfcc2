import type { Token } from 'markdown-it';
import { createParser, isSafeLink } from '../safe-markdown.js';
import type { Block, Inline } from './blocks.js';
import { breakable, hasLongWord, wrapped } from './long-words.js';
import { printable } from './printable.js';
import { scriptOf } from './script.js';

/** What is nested deeper is set as text of this depth: the compiler's own depth is limited. */
const MOST_NESTED = 8;
/** Longer addresses are not links: the compiler takes 8,000 characters. */
const MOST_ADDRESS = 2_000;
/** Colouring costs more than it shows beyond so many characters of one block. */
const MOST_CODE = 50_000;

const parser = createParser();

/** Markdown as what the template typesets. HTML and formulas are plain text. */
export function toBlocks(markdown: string): Block[] {
  return new Reader(parser.parse(printable(markdown), {})).blocks(0);
}

/** Walks over the flat list of tokens in which markdown-it keeps a tree. */
class Reader {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  /** All blocks up to the end, or to the token that closes what holds them. */
  blocks(depth: number): Block[] {
    const found: Block[] = [];
    for (;;) {
      const token = this.tokens[this.at];
      if (token === undefined || token.nesting === -1) break;
      this.at += 1;
      found.push(...this.block(token, depth));
    }
    this.at += 1;
    return found;
  }

  private block(token: Token, depth: number): Block[] {
    switch (token.type) {
      case 'paragraph_open':
        return this.paragraph();
      case 'heading_open':
        return this.heading(Number(token.tag.slice(1)));
      case 'blockquote_open':
        return this.nested(depth, (b) => ({ t: 'quote', s: scriptOf(textOf(b)), b }));
      case 'bullet_list_open':
        return this.list(depth, (items, s) => ({ t: 'ul', s, items }));
      case 'ordered_list_open': {
        const start = Number(token.attrGet('start') ?? 1);
        return this.list(depth, (items, s) => ({ t: 'ol', s, start, items }));
      }
      case 'table_open':
        return [this.table()];
      case 'fence':
        return [codeBlock(token.content, /^\S+/.exec(token.info)?.[0] ?? null)];
      case 'code_block':
        return [codeBlock(token.content, null)];
      case 'hr':
        return [{ t: 'hr' }];
      default:
        return token.nesting === 1 ? this.blocks(depth) : [];
    }
  }

  private paragraph(): Block[] {
    const inline = this.inline();
    const c = inlinesOf(inline?.children ?? []);
    return [{ t: 'p', s: scriptOf(inline?.content ?? ''), c }];
  }

  private heading(n: number): Block[] {
    const inline = this.inline();
    const c = inlinesOf(inline?.children ?? []);
    return [{ t: 'h', s: scriptOf(inline?.content ?? ''), n, c }];
  }

  private nested(depth: number, wrap: (blocks: Block[]) => Block): Block[] {
    const blocks = this.blocks(depth + 1);
    return depth < MOST_NESTED ? [wrap(blocks)] : blocks;
  }

  private list(
    depth: number,
    wrap: (items: Block[][], script: ReturnType<typeof scriptOf>) => Block,
  ): Block[] {
    const items: Block[][] = [];
    while (this.tokens[this.at]?.type === 'list_item_open') {
      this.at += 1;
      items.push(this.blocks(depth + 1));
    }
    this.at += 1;
    if (depth >= MOST_NESTED) return items.flat();
    return [wrap(items, scriptOf(textOf(items.flat())))];
  }

  private table(): Block {
    const rows: Inline[][][] = [];
    const align: ('left' | 'center' | 'right' | null)[] = [];
    let text = '';
    for (let token = this.next(); token.type !== 'table_close'; token = this.next()) {
      if (token.type === 'tr_open') rows.push([]);
      if (token.type === 'th_open') align.push(alignmentOf(token));
      if (token.type !== 'inline') continue;
      rows.at(-1)?.push(inlinesOf(token.children ?? []));
      text += ` ${token.content}`;
    }
    return { t: 'table', s: scriptOf(text), align, rows };
  }

  /** The text of a paragraph or a heading; steps behind what closes it. */
  private inline(): Token | undefined {
    const token = this.tokens[this.at];
    this.at += 2;
    return token;
  }

  private next(): Token {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Error('The Markdown parser left a block open');
    this.at += 1;
    return token;
  }
}

function codeBlock(content: string, lang: string | null): Block {
  const v = wrapped(content.replace(/\n$/, ''));
  const coloured = v.length <= MOST_CODE ? lang?.toLowerCase() : undefined;
  return { t: 'code', lang: coloured ?? null, v, long: hasLongWord(v) };
}

function alignmentOf(token: Token): 'left' | 'center' | 'right' | null {
  const style = String(token.attrGet('style') ?? '');
  const [, align] = /text-align:(left|center|right)/.exec(style) ?? [];
  return align === 'left' || align === 'center' || align === 'right' ? align : null;
}

const MARKS = { em: 'em', strong: 'strong', s: 'del' } as const;

function inlinesOf(tokens: readonly Token[]): Inline[] {
  const root: Inline[] = [];
  const open: Inline[][] = [root];
  for (const token of tokens) {
    const here = open.at(-1) ?? root;
    if (token.nesting === 1) {
      const c: Inline[] = [];
      // Beyond the depth the marks are dropped and the text stays.
      const node = open.length > MOST_NESTED ? null : opened(token, c);
      if (node !== null) here.push(node);
      open.push(node === null ? here : c);
    } else if (token.nesting === -1) {
      open.pop();
    } else {
      here.push(...leaf(token));
    }
  }
  return root;
}

function opened(token: Token, c: Inline[]): Inline | null {
  if (token.type === 'link_open') {
    const href = String(token.attrGet('href') ?? '');
    return isSafeLink(href) && href.length <= MOST_ADDRESS ? { t: 'a', href, c } : null;
  }
  const mark = Object.entries(MARKS).find(([tag]) => tag === token.tag)?.[1];
  return mark === undefined ? null : { t: mark, c };
}

function leaf(token: Token): Inline[] {
  switch (token.type) {
    case 'softbreak':
      return [' '];
    case 'hardbreak':
      return [{ t: 'br' }];
    case 'code_inline':
      return [{ t: 'code', c: breakable(token.content) }];
    case 'image':
      return image(token);
    default:
      return token.content === '' ? [] : breakable(token.content);
  }
}

/** An image as its text, which leads to where it lies. */
function image(token: Token): Inline[] {
  const href = String(token.attrGet('src') ?? '');
  const alt = (token.children ?? []).map(({ content }) => content).join('');
  const text = breakable(`Image: ${alt || href}`);
  if (!isSafeLink(href) || href.length > MOST_ADDRESS) return text;
  return [{ t: 'a', href, c: text }];
}

/** The beginning of the words of blocks: enough to know their direction by. */
function textOf(blocks: readonly Block[]): string {
  for (const block of blocks) {
    const text = blockText(block);
    if (/\p{L}/u.test(text)) return text;
  }
  return '';
}

function blockText(block: Block): string {
  switch (block.t) {
    case 'p':
    case 'h':
      return inlineText(block.c);
    case 'quote':
      return textOf(block.b);
    case 'ul':
    case 'ol':
      return textOf(block.items.flat());
    case 'table':
      return block.rows.flat().map(inlineText).join(' ');
    case 'code':
    case 'hr':
      return '';
  }
}

function inlineText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      if ('t' in node) return 'c' in node ? inlineText(node.c) : ' ';
      return node.join('');
    })
    .join('');
}
