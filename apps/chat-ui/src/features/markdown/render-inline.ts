import { h, type VNode } from 'vue';
import ImageLink from './ImageLink.vue';
import type { InlineNode } from './markdown-nodes.js';
import MathFormula from './MathFormula.vue';

type Rendered = VNode | string;

/** The parts of a line. @param inLink whether a link stands around them: links hold no links. */
export function renderInlines(nodes: readonly InlineNode[], inLink = false): Rendered[] {
  return nodes.map((node) => renderInline(node, inLink));
}

function renderInline(node: InlineNode, inLink: boolean): Rendered {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'break':
      return h('br');
    case 'code':
      return h('code', { dir: 'ltr' }, node.text);
    case 'math':
      return h(MathFormula, { tex: node.tex, display: node.display });
    case 'emphasis':
      return h('em', renderInlines(node.children, inLink));
    case 'strong':
      return h('strong', renderInlines(node.children, inLink));
    case 'strike':
      return h('s', renderInlines(node.children, inLink));
    case 'image':
      return h(ImageLink, { ...node, href: inLink ? null : node.href });
    case 'link':
      return h(
        'a',
        {
          href: node.href,
          title: node.title === '' ? undefined : node.title,
          target: '_blank',
          rel: 'noopener noreferrer',
        },
        renderInlines(node.children, true),
      );
  }
}
