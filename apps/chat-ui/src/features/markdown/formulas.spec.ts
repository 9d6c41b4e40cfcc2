import { mount } from '@vue/test-utils';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareFormulas } from './formula-loading.js';
import { parseMarkdown } from './markdown-parser.js';
import MathFormula from './MathFormula.vue';
import type { BlockNode } from './markdown-nodes.js';

beforeAll(prepareFormulas);

const nodesOf = (source: string): BlockNode[] =>
  parseMarkdown(source).blocks.map(({ node }) => node);

/** Every formula in a text, as TeX; those that stand on their own in brackets. */
function formulasOf(source: string): string[] {
  return nodesOf(source).flatMap((node) => {
    if (node.kind === 'math-block') return [`[${node.tex}]`];
    if (node.kind !== 'paragraph') return [];
    return node.children.flatMap((child) => {
      if (child.kind !== 'math') return [];
      return child.display ? [`[${child.tex}]`] : [child.tex];
    });
  });
}

describe('formulas in a text', () => {
  it.each([
    ['$x$', ['x']],
    ['so $a^2 + b^2 = c^2$.', ['a^2 + b^2 = c^2']],
    ['$2$ and $-1$', ['2', '-1']],
    ['($x$), **$y$**', ['x']],
    ['\\(x\\) and \\(\\frac{1}{2}\\)', ['x', '\\frac{1}{2}']],
    ['$$\nx + y\n$$', ['[x + y]']],
    ['$$x + y$$', ['[x + y]']],
    ['\\[\nx + y\n\\]', ['[x + y]']],
    ['text\n$$\nx\n$$\nmore', ['[x]']],
    ['inside $$x + y$$ a line', ['[x + y]']],
    ['$\\text{cost: \\$5}$', ['\\text{cost: \\$5}']],
  ])('are found: %j', (source, formulas) => {
    expect(formulasOf(source)).toEqual(formulas);
  });

  it.each([
    'It costs $5 and $10.',
    'Between $5-$10, or $5–$10',
    'US$5 to US$6',
    '$5 million and 10$ more',
    'echo $HOME/$USER',
    '$HOME and $PATH',
    'a single $ sign',
    '\\$5$ and \\$6$ more',
    '`$x$`',
    'a footnote\\[1\\] and a choice \\[x\\]',
    'a note \\(see below\\)',
    '$$\n\nnothing closes it here',
    '$$',
    '$$$$',
  ])('are not seen where there are none: %j', (source) => {
    expect(formulasOf(source)).toEqual([]);
  });

  it('do not swallow what follows one without an end', () => {
    expect(nodesOf('$$\nx = 1\n\n# After\n\n- list').map(({ kind }) => kind)).toEqual([
      'paragraph',
      'heading',
      'list',
    ]);
  });

  it('are found in lists and quotes', () => {
    expect(JSON.stringify(nodesOf('- a\n\n  $$\n  x\n  $$\n\n> $$\n> y\n> $$'))).toMatch(
      /"math-block","tex":"x".*"math-block","tex":"y"/,
    );
  });
});

describe('a formula on the page', () => {
  const show = (tex: string, display = false) => mount(MathFormula, { props: { tex, display } });

  it('is laid out, with MathML for assistive technology', () => {
    const formula = show('\\frac{1}{2}');
    expect(formula.find('.katex-html').attributes('aria-hidden')).toBe('true');
    expect(formula.find('math mfrac').exists()).toBe(true);
  });

  it.each([
    ['broken TeX', '\\frac{1}{'],
    ['an unknown command', '\\nosuchcommand'],
    ['a link', '\\href{javascript:alert(1)}{x}'],
    ['an image', '\\includegraphics{https://evil.test/a.png}'],
    ['a style', '\\htmlStyle{background: url(https://evil.test/)}{x}'],
    ['a definition without an end', '\\def\\a{\\a\\a}\\a'],
    ['one that is far too long', 'x'.repeat(5000)],
  ])('shows its source and a note: %s', (_, tex) => {
    const formula = show(tex);
    expect(formula.find('code').text()).toBe(tex);
    expect(formula.find('small').text()).toBe('This formula is not valid TeX.');
    expect(formula.find('.katex, a, img').exists()).toBe(false);
  });

  it('bounds sizes', () => {
    expect(show('\\rule{99999em}{99999em}').html()).toContain('10em');
    expect(show('\\rule{99999em}{99999em}').find('.katex-html').html()).not.toContain('99999');
  });

  it('keeps its definitions to itself', () => {
    show('\\gdef\\mine{x}\\mine');
    expect(show('\\mine').find('small').exists()).toBe(true);
  });
});
