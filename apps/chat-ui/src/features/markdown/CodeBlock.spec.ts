import { mount } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { announcement } from '../../composables/use-announcer.js';
import CodeBlock from './CodeBlock.vue';

const CODE = `/* a comment
   of two lines */
const greeting = \`Hello \${name}\`;
if (1 < 2 && "<script>") go();`;

const show = (code: string, language = 'ts', closed = true) =>
  mount(CodeBlock, { props: { code, language, closed } });

describe('a code block', () => {
  it('is plain at once and coloured once the grammar is there, with the same text', async () => {
    const block = show(CODE);
    expect(block.find('code').element.textContent).toBe(CODE);
    await vi.waitUntil(() => block.find('.code-keyword').exists());
    expect(block.find('.code-keyword').text()).toBe('const');
    expect(block.find('code').element.textContent).toBe(CODE);
  });

  it('names its language as the language names itself', () => {
    const label = (language: string) => show('x', language).find('.markdown-frame-label').text();
    expect([label('ts'), label('C++'), label('')]).toEqual(['TypeScript', 'C++', 'Code']);
    expect(label('brainfog')).toBe('brainfog');
  });

  it('stays plain in a language without a grammar', async () => {
    const block = show(CODE, 'brainfog');
    const known = show(CODE);
    await vi.waitUntil(() => known.find('.code-keyword').exists());
    expect(block.findAll('code span span')).toEqual([]);
    expect(block.find('code').element.textContent).toBe(CODE);
  });

  it('colours whole lines while it streams in, and all of it at its end', async () => {
    const block = show('const a = 1;\nconst b', 'ts', false);
    await vi.waitUntil(() => block.find('.code-keyword').exists());
    expect(block.findAll('.code-keyword')).toHaveLength(1);
    await block.setProps({ code: 'const a = 1;\nconst b = 2;', closed: true });
    await vi.waitUntil(() => block.findAll('.code-keyword').length === 2);
    expect(block.find('code').element.textContent).toBe('const a = 1;\nconst b = 2;');
  });

  it('copies exactly the code, and says so', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    const button = show(CODE).find('button');
    expect(button.text()).toBe('Copy code');
    await button.trigger('click');
    await vi.waitUntil(() => button.text() === 'Copied');
    expect(writeText).toHaveBeenCalledExactlyOnceWith(CODE);
    expect(announcement.value.trim()).toBe('Copied');
  });
});
