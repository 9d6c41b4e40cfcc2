import { h, type FunctionalComponent, type VNode } from 'vue';
import CodeBlock from './CodeBlock.vue';
import {
  plainText,
  type BlockNode,
  type InlineNode,
  type ListItem,
  type ListNode,
  type TableNode,
} from './markdown-nodes.js';
import MathFormula from './MathFormula.vue';
import MermaidDiagram from './MermaidDiagram.vue';
import { renderInlines } from './render-inline.js';
import ScrollRegion from './ScrollRegion.vue';

/** The page has its h1 and h2, and each message's sender is an h3. */
const HEADINGS_ABOVE = 3;
const LOWEST_HEADING = 6;

const MAX_NAME_LENGTH = 200;

/** One block at the top level. A block that stays the same object is not looked at again. */
export const MarkdownBlock: FunctionalComponent<{ node: BlockNode }> = ({ node }) =>
  renderBlock(node, true);
MarkdownBlock.props = ['node'];

/**
 * @param isTop the direction of a block at the top is that of its own first letter; what lies inside
 * it follows line by line (`unicode-bidi: plaintext`), as an element's own `dir` would hide its
 * letters from the block around it.
 */
function renderBlock(node: BlockNode, isTop = false): VNode {
  const dir = isTop ? 'auto' : undefined;
  switch (node.kind) {
    case 'paragraph':
      return h('p', { dir }, renderInlines(node.children));
    case 'heading':
      return h(
        `h${Math.min(LOWEST_HEADING, node.level + HEADINGS_ABOVE)}`,
        {
          dir,
          class: `markdown-heading-${node.level}`,
          'aria-level': node.level + HEADINGS_ABOVE,
        },
        renderInlines(node.children),
      );
    case 'quote':
      return h(
        'blockquote',
        { dir },
        node.children.map((child) => renderBlock(child)),
      );
    case 'rule':
      return h('hr');
    case 'math-block':
      return h(MathFormula, { tex: node.tex, display: true });
    case 'code-block':
      return node.language.toLowerCase() === 'mermaid' && node.closed
        ? h(MermaidDiagram, { source: node.code })
        : h(CodeBlock, { code: node.code, language: node.language, closed: node.closed });
    case 'list':
      return renderList(node, dir);
    case 'table':
      return renderTable(node);
  }
}

function renderList({ ordered, start, tight, items }: ListNode, dir: string | undefined): VNode {
  return h(
    ordered ? 'ol' : 'ul',
    { dir, start: ordered && start !== 1 ? start : undefined },
    items.map((item) => h(MarkdownItem, { item, tight })),
  );
}

const MarkdownItem: FunctionalComponent<{ item: ListItem; tight: boolean }> = ({ item, tight }) => {
  const { checked, children } = item;
  const content = children.map((child) =>
    tight && child.kind === 'paragraph'
      ? h('div', renderInlines(child.children))
      : renderBlock(child),
  );
  if (checked === null) return h('li', content);
  return h('li', { class: 'markdown-task' }, [
    h('input', { type: 'checkbox', checked, disabled: true, 'aria-label': taskName(children[0]) }),
    h('div', content),
  ]);
};
MarkdownItem.props = ['item', 'tight'];

function taskName(text: BlockNode | undefined): string {
  const name = text?.kind === 'paragraph' ? plainText(text.children) : '';
  return name.trim().slice(0, MAX_NAME_LENGTH) || 'Task';
}

function renderTable({ alignments, head, rows }: TableNode): VNode {
  const alignOf = (column: number) => {
    const side = alignments[column];
    return side ? { textAlign: side } : undefined;
  };
  const headCells = head.map((cell, column) =>
    h('th', { scope: 'col', dir: 'auto', style: alignOf(column) }, renderInlines(cell)),
  );
  return h(ScrollRegion, { label: 'Table, scrolls sideways' }, () =>
    h('table', [
      h('thead', h('tr', headCells)),
      h(
        'tbody',
        rows.map((cells) => h(MarkdownRow, { cells, alignments })),
      ),
    ]),
  );
}

const MarkdownRow: FunctionalComponent<{
  cells: InlineNode[][];
  alignments: TableNode['alignments'];
}> = ({ cells, alignments }) =>
  h(
    'tr',
    cells.map((cell, column) => {
      const side = alignments[column];
      return h(
        'td',
        { dir: 'auto', style: side ? { textAlign: side } : undefined },
        renderInlines(cell),
      );
    }),
  );
MarkdownRow.props = ['cells', 'alignments'];
