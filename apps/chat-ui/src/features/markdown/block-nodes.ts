import type { Token } from 'markdown-it';
import { inlineNodes } from './inline-nodes.js';
import type {
  Alignment,
  BlockNode,
  CodeNode,
  InlineNode,
  ListItem,
  ListNode,
  ParsedBlock,
  TableNode,
} from './markdown-nodes.js';
import { TokenCursor } from './token-cursor.js';

/** The blocks that a list of tokens stands for. */
export function blockNodes(tokens: readonly Token[]): ParsedBlock[] {
  const cursor = new TokenCursor(tokens);
  return cursor.rest(() => {
    const token = cursor.next();
    if (!token) return undefined;
    const node = readBlock(token, cursor);
    return node && { node, line: token.map?.[0] ?? 0 };
  });
}

function readBlock(token: Token, cursor: TokenCursor): BlockNode | undefined {
  switch (token.type) {
    case 'paragraph_open':
      return { kind: 'paragraph', children: readInlines(cursor) };
    case 'heading_open':
      return { kind: 'heading', level: Number(token.tag.slice(1)), children: readInlines(cursor) };
    case 'blockquote_open':
      return { kind: 'quote', children: readBlocks(cursor) };
    case 'bullet_list_open':
    case 'ordered_list_open':
      return readList(token, cursor);
    case 'table_open':
      return readTable(cursor);
    case 'fence':
      return codeBlock(token, token.info.trim().split(/\s+/)[0] ?? '', isClosed(token));
    case 'code_block':
      return codeBlock(token, '', true);
    case 'math_block':
      return { kind: 'math-block', tex: token.content };
    case 'hr':
      return { kind: 'rule' };
    default:
      return undefined;
  }
}

function readBlocks(cursor: TokenCursor): BlockNode[] {
  return cursor.inside(() => {
    const token = cursor.next();
    return token && readBlock(token, cursor);
  });
}

function readInlines(cursor: TokenCursor): InlineNode[] {
  return cursor.inside(() => inlineNodes(cursor.next()?.children ?? [])).flat();
}

function codeBlock({ content }: Token, language: string, closed: boolean): CodeNode {
  return { kind: 'code-block', code: content.replace(/\n$/, ''), language, closed };
}

/** A fence has one line before its content and, where it is closed, one behind it. */
function isClosed({ content, map }: Token): boolean {
  if (!map) return true;
  const lines = content.split('\n').length - (content === '' || content.endsWith('\n') ? 1 : 0);
  return map[1] - map[0] === lines + 2;
}

function readList(token: Token, cursor: TokenCursor): ListNode {
  let tight = true;
  const items = cursor.inside((): ListItem => {
    cursor.next();
    const children: BlockNode[] = cursor.inside(() => {
      const child = cursor.next();
      if (child?.type === 'paragraph_open' && !child.hidden) tight = false;
      return child && readBlock(child, cursor);
    });
    return taskOrItem(children);
  });
  const start = Number(token.attrGet('start') ?? 1);
  return { kind: 'list', ordered: token.type === 'ordered_list_open', start, tight, items };
}

/** `[ ]` or `[x]` before an item's text makes it a task. */
function taskOrItem(children: BlockNode[]): ListItem {
  const [first, ...others] = children;
  const lead = first?.kind === 'paragraph' ? first.children[0] : undefined;
  const mark = lead?.kind === 'text' ? /^\[([ xX])\][ \n]/.exec(lead.text) : null;
  if (first?.kind !== 'paragraph' || lead?.kind !== 'text' || !mark) {
    return { checked: null, children };
  }
  const rest: InlineNode = { kind: 'text', text: lead.text.slice(mark[0].length) };
  const text: BlockNode = { kind: 'paragraph', children: [rest, ...first.children.slice(1)] };
  return { checked: mark[1] !== ' ', children: [text, ...others] };
}

function readTable(cursor: TokenCursor): TableNode {
  const alignments: Alignment[] = [];
  const head: InlineNode[][] = [];
  const rows: InlineNode[][][] = [];
  cursor.inside(() => {
    const section = cursor.next();
    cursor.inside(() => {
      cursor.next();
      const cells = cursor.inside(() => {
        const cell = cursor.next();
        if (section?.type === 'thead_open') alignments.push(alignment(cell));
        return readInlines(cursor);
      });
      if (section?.type === 'thead_open') head.push(...cells);
      else rows.push(cells);
    });
  });
  return { kind: 'table', alignments, head, rows };
}

function alignment(cell: Token | undefined): Alignment {
  const style = String(cell?.attrGet('style') ?? '');
  const found = /text-align:\s*(left|center|right)/.exec(style)?.[1];
  return found === 'left' || found === 'center' || found === 'right' ? found : null;
}
