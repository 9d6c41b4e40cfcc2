/**
 * What a text in Markdown can become on the page: a closed list. Whatever the parser yields beyond
 * it does not reach the document, so untrusted text has no way to an element, an attribute or an
 * address that is not named here.
 */
export type InlineNode =
  | { kind: 'text'; text: string }
  | { kind: 'break' }
  | { kind: 'code'; text: string }
  | { kind: 'math'; tex: string; display: boolean }
  | { kind: 'emphasis' | 'strong' | 'strike'; children: InlineNode[] }
  | { kind: 'link'; href: string; title: string; children: InlineNode[] }
  | { kind: 'image'; href: string | null; host: string; alt: string };

/** How the cells of a column stand; null: as the direction of their text has it. */
export type Alignment = 'left' | 'center' | 'right' | null;

export interface ListItem {
  /** A task that is done or not; null: no task. */
  checked: boolean | null;
  children: BlockNode[];
}

export interface CodeNode {
  kind: 'code-block';
  code: string;
  /** The first word after the fence, as it was written; empty: none. */
  language: string;
  /** False while the end of the fence has not come. */
  closed: boolean;
}

export interface TableNode {
  kind: 'table';
  alignments: Alignment[];
  head: InlineNode[][];
  rows: InlineNode[][][];
}

export interface ListNode {
  kind: 'list';
  ordered: boolean;
  start: number;
  /** Without blank lines between its items: their paragraphs have no space around them. */
  tight: boolean;
  items: ListItem[];
}

export type BlockNode =
  | { kind: 'paragraph'; children: InlineNode[] }
  | { kind: 'heading'; level: number; children: InlineNode[] }
  | { kind: 'quote'; children: BlockNode[] }
  | { kind: 'rule' }
  | { kind: 'math-block'; tex: string }
  | CodeNode
  | TableNode
  | ListNode;

/** A block at the top level and the lines it was read from. */
export interface ParsedBlock {
  node: BlockNode;
  /** Its first line, counted from 0. */
  line: number;
}

/** The letters of a text without its marks, for names that assistive technology says. */
export function plainText(nodes: readonly InlineNode[]): string {
  return nodes.map(plainTextOf).join('');
}

function plainTextOf(node: InlineNode): string {
  switch (node.kind) {
    case 'text':
    case 'code':
      return node.text;
    case 'math':
      return node.tex;
    case 'break':
      return ' ';
    case 'image':
      return node.alt;
    case 'emphasis':
    case 'strong':
    case 'strike':
    case 'link':
      return plainText(node.children);
  }
}
