import type { Token } from 'markdown-it';
import { plainText, type InlineNode } from './markdown-nodes.js';
import { imageAddress, safeLink } from './safe-link.js';
import { TokenCursor } from './token-cursor.js';

/** The nodes of a line of text. A token that is not known becomes the text it was read from. */
export function inlineNodes(tokens: readonly Token[]): InlineNode[] {
  const cursor = new TokenCursor(tokens);
  return joined(cursor.rest(() => readInline(cursor)).flat());
}

function readInline(cursor: TokenCursor): InlineNode[] | undefined {
  const token = cursor.next();
  if (!token) return undefined;
  switch (token.type) {
    case 'text':
    case 'text_special':
      return text(token.content);
    case 'softbreak':
      return text('\n');
    case 'hardbreak':
      return [{ kind: 'break' }];
    case 'code_inline':
      return [{ kind: 'code', text: token.content }];
    case 'math_inline':
      return [{ kind: 'math', tex: token.content, display: token.markup === '$$' }];
    case 'image':
      return [image(token)];
    case 'em_open':
      return [{ kind: 'emphasis', children: children(cursor) }];
    case 'strong_open':
      return [{ kind: 'strong', children: children(cursor) }];
    case 's_open':
      return [{ kind: 'strike', children: children(cursor) }];
    case 'link_open':
      return link(token, children(cursor));
    default:
      return text(token.content);
  }
}

function children(cursor: TokenCursor): InlineNode[] {
  return joined(cursor.inside(() => readInline(cursor)).flat());
}

function text(content: string): InlineNode[] {
  return content === '' ? [] : [{ kind: 'text', text: content }];
}

function link(token: Token, content: InlineNode[]): InlineNode[] {
  const href = safeLink(String(token.attrGet('href') ?? ''));
  if (href === null) return content;
  return [{ kind: 'link', href, title: String(token.attrGet('title') ?? ''), children: content }];
}

function image(token: Token): InlineNode {
  const address = imageAddress(String(token.attrGet('src') ?? ''));
  const alt = plainText(inlineNodes(token.children ?? []));
  return { kind: 'image', href: address?.href ?? null, host: address?.host ?? '', alt };
}

/** Text that the parser gave in pieces is one text on the page: one node instead of many. */
function joined(nodes: InlineNode[]): InlineNode[] {
  const result: InlineNode[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node.kind === 'text' && last?.kind === 'text') {
      result[result.length - 1] = { kind: 'text', text: last.text + node.text };
    } else {
      result.push(node);
    }
  }
  return result;
}
