import type { BlockNode, ListNode, ParsedBlock, TableNode } from './markdown-nodes.js';
import type { ParseMarkdown, References } from './markdown-parser.js';

/** A block on the page. The same object as before where nothing in it has changed. */
export interface ShownBlock {
  /** Its place in the text, from 0. */
  key: number;
  node: BlockNode;
}

/**
 * The last blocks can still change: a line may turn the paragraph above it into a heading, a table or
 * a part of a list. What lies further up has been closed by a block that has itself begun for good.
 */
const OPEN_BLOCKS = 2;

/** How often definitions of references that come late may cost a reading of everything before them. */
const MAX_REREADS = 8;

/**
 * Reads a text that grows, block by block: only the blocks at its end are parsed again. The end
 * state is always that of reading the whole text at once.
 */
export class MarkdownStream {
  private finished: ShownBlock[] = [];
  private finishedText = '';
  private open: readonly ShownBlock[] = [];
  private references: References = {};
  private rereads = 0;

  constructor(private readonly parse: ParseMarkdown) {}

  /**
   * @param source all of the text so far. A text that is not the one before and more starts anew.
   * @param growing whether more is to come. When not, the whole is read once again.
   */
  update(source: string, growing: boolean): readonly ShownBlock[] {
    const text = withLineFeeds(source);
    const before = [...this.finished, ...this.open];
    if (!growing) {
      this.reset();
      this.open = shareBlocks(before, nodesOf(this.parse(text).blocks), 0);
      return this.open;
    }
    const visible = settledText(text);
    if (!visible.startsWith(this.finishedText)) this.reset();
    this.readOpen(visible.slice(this.finishedText.length), before);
    return [...this.finished, ...this.open];
  }

  private reset(): void {
    this.finished = [];
    this.finishedText = '';
    this.open = [];
    this.references = {};
    this.rereads = 0;
  }

  private readOpen(text: string, before: readonly ShownBlock[]): void {
    const { blocks } = this.parse(text, this.references);
    const first = this.finished.length;
    const shown = shareBlocks(before, nodesOf(blocks), first);
    const firstOpen = Math.max(0, shown.length - OPEN_BLOCKS);
    this.open = shown.slice(firstOpen);
    if (firstOpen === 0) return;
    this.finished.push(...shown.slice(0, firstOpen));
    this.finish(firstLines(text, blocks[firstOpen]?.line ?? 0));
  }

  private finish(text: string): void {
    this.finishedText += text;
    const known = Object.keys(this.references).length;
    // Without a definition in it, a text adds no reference: most never need the second look.
    if (!/^[\s>*+\d.)-]*\[[^\]]/m.test(text)) return;
    this.references = this.parse(text, this.references).references;
    if (Object.keys(this.references).length === known || this.rereads >= MAX_REREADS) return;
    this.rereads += 1;
    const { blocks } = this.parse(this.finishedText, this.references);
    this.finished = shareBlocks(this.finished, nodesOf(blocks), 0);
  }
}

function nodesOf(blocks: readonly ParsedBlock[]): BlockNode[] {
  return blocks.map(({ node }) => node);
}

function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/**
 * The text without a last line that says nothing yet: a lone `-` would turn the paragraph above it
 * into a heading for a moment, half a fence into a code block, the frame of a table into text.
 */
export function settledText(text: string): string {
  const lineStart = text.lastIndexOf('\n') + 1;
  if (text.length - lineStart > 200) return text;
  const isMarksOnly = /^[-=+*#_`~|:>$\\[\]\s]*$|^\s*\d{1,9}[.)]?\s*$/.test(text.slice(lineStart));
  return isMarksOnly ? text.slice(0, lineStart) : text;
}

function firstLines(text: string, count: number): string {
  let end = 0;
  for (let line = 0; line < count; line += 1) end = text.indexOf('\n', end) + 1;
  return text.slice(0, end);
}

/** Shown blocks for nodes that begin at a place; what is equal to what was shown there stays it. */
function shareBlocks(
  before: readonly ShownBlock[],
  nodes: readonly BlockNode[],
  first: number,
): ShownBlock[] {
  return nodes.map((node, at) => {
    const key = first + at;
    const old = before[key];
    if (old === undefined) return { key, node };
    return isEqual(old.node, node) ? old : { key, node: shareParts(old.node, node) };
  });
}

/** The parts of a long list or table that did not change stay the same objects. */
function shareParts(old: BlockNode, node: BlockNode): BlockNode {
  if (old.kind === 'list' && node.kind === 'list') {
    return { ...node, items: shareEqual<ListNode['items'][number]>(old.items, node.items) };
  }
  if (old.kind === 'table' && node.kind === 'table') {
    const alignments = isEqual(old.alignments, node.alignments) ? old.alignments : node.alignments;
    return {
      ...node,
      alignments,
      rows: shareEqual<TableNode['rows'][number]>(old.rows, node.rows),
    };
  }
  return node;
}

function shareEqual<T>(old: readonly T[], parts: readonly T[]): T[] {
  return parts.map((part, at) => {
    const same = old[at];
    return same !== undefined && isEqual(same, part) ? same : part;
  });
}

/** Nodes are plain data and always built with their members in the same order. */
function isEqual(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
