import { h, type FunctionalComponent, type VNode } from 'vue';
import type { CodePiece } from './code-tree.js';

/** Shows a group of lines. A component of its own: while its pieces stay, it is not looked at again. */
export const CodeLines: FunctionalComponent<{ pieces: CodePiece[] }> = ({ pieces }) =>
  h('span', { class: 'markdown-code-lines' }, pieces.map(renderPiece));
CodeLines.props = ['pieces'];

function renderPiece(piece: CodePiece): VNode | string {
  if (typeof piece === 'string') return piece;
  return h('span', { class: scopeClass(piece.scope) }, piece.children.map(renderPiece));
}

/** `title.function` is a title first of all: `code-title code-title-function`. */
function scopeClass(scope: string): string {
  const [first = '', ...others] = scope.replace(/[^\w.-]/g, '').split('.');
  return [`code-${first}`, ...others.map((other) => `code-${first}-${other}`)].join(' ');
}
