import { mount } from '@vue/test-utils';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import CodeBlock from './CodeBlock.vue';
import MarkdownText from './MarkdownText.vue';
import MermaidDiagram from './MermaidDiagram.vue';
import { prepareMarkdown } from './parser-loading.js';

beforeAll(prepareMarkdown);

describe('a diagram', () => {
  it.each([
    ['that is not understood', 'flowchart LR\n  A --> --> B'],
    ['of no known kind', 'nonsense'],
    ['that asks for an image', 'flowchart LR\n  A@{ img: "https://evil.test/a.png" }'],
  ])(
    'shows its source and a note: one %s',
    async (_, source) => {
      const diagram = mount(MermaidDiagram, { props: { source } });
      await vi.waitUntil(() => diagram.find('.markdown-note').exists(), { timeout: 20_000 });
      expect(diagram.find('.markdown-note').text()).toBe(
        'This diagram could not be drawn. Here is its source.',
      );
      expect(diagram.find('code').element.textContent).toBe(source);
      expect(diagram.find('.markdown-diagram').exists()).toBe(false);
    },
    30_000,
  );

  it('is code until its fence is closed', async () => {
    const source = 'Look:\n\n```mermaid\nflowchart LR\n  A --> B\n';
    const text = mount(MarkdownText, { props: { source, streaming: true } });
    expect(text.findComponent(CodeBlock).exists()).toBe(true);
    expect(text.findComponent(MermaidDiagram).exists()).toBe(false);
    await text.setProps({ source: `${source}\`\`\`\n`, streaming: false });
    expect(text.findComponent(MermaidDiagram).props('source')).toBe('flowchart LR\n  A --> B');
  });

  it('stays code where its fence never closes', () => {
    const source = '```mermaid\nflowchart LR\n  A --> B';
    const text = mount(MarkdownText, { props: { source } });
    expect(text.findComponent(MermaidDiagram).exists()).toBe(false);
  });
});
