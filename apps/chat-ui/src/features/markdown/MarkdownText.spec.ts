import { mount, type VueWrapper } from '@vue/test-utils';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import MarkdownText from './MarkdownText.vue';
import { prepareMarkdown } from './parser-loading.js';

beforeAll(prepareMarkdown);

const show = (source: string, streaming = false): VueWrapper =>
  mount(MarkdownText, { props: { source, streaming } });

const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));

describe('Markdown on the page', () => {
  it('has headings below the page, the session and the sender', () => {
    const text = show('# One\n\n## Two\n\n### Three\n\n#### Four');
    const levels = text.findAll('h1, h2, h3, h4, h5, h6').map((heading) => ({
      tag: heading.element.localName,
      level: heading.attributes('aria-level'),
    }));
    expect(levels).toEqual([
      { tag: 'h4', level: '4' },
      { tag: 'h5', level: '5' },
      { tag: 'h6', level: '6' },
      { tag: 'h6', level: '7' },
    ]);
  });

  it('has tables with columns that are named and aligned', () => {
    const text = show('| a | b |\n|:-:|---|\n| 1 | **2** |');
    expect(text.find('th').attributes()).toMatchObject({
      scope: 'col',
      style: 'text-align: center;',
    });
    expect(text.find('td:last-child strong').text()).toBe('2');
  });

  it('has tasks: disabled boxes, each with a name', () => {
    const boxes = show('- [x] Buy *milk*\n- [ ] Sleep\n- no task').findAll('input');
    expect(boxes.map((box) => box.attributes('aria-label'))).toEqual(['Buy milk', 'Sleep']);
    expect(boxes.map((box) => (box.element as HTMLInputElement).checked)).toEqual([true, false]);
    expect(boxes.every((box) => (box.element as HTMLInputElement).disabled)).toBe(true);
  });

  it('keeps the number at which a list starts', () => {
    expect(show('7. seven\n8. eight').find('ol').attributes('start')).toBe('7');
  });

  it('opens links in a tab of their own that knows nothing of this one', () => {
    const link = show('[text](https://example.org/a "Title") https://example.org/b').findAll('a');
    expect(link.map((one) => one.attributes('href'))).toEqual([
      'https://example.org/a',
      'https://example.org/b',
    ]);
    expect(link[0]?.attributes()).toMatchObject({
      target: '_blank',
      rel: 'noopener noreferrer',
      title: 'Title',
    });
  });

  it('does not take file names and versions for addresses', () => {
    expect(show('See README.md, chat.ts and 1.2.3.4').find('a').exists()).toBe(false);
  });

  it('takes the direction of each block from its own letters', () => {
    const text = show('Hello\n\nمرحبا\n\n- one\n\n> two');
    expect(text.findAll('.markdown > *').map((block) => block.attributes('dir'))).toEqual([
      'auto',
      'auto',
      'auto',
      'auto',
    ]);
    expect(text.find('li').attributes('dir')).toBeUndefined();
  });
});

describe('text that streams in', () => {
  it('keeps the elements of what is finished', async () => {
    const start = '# Title\n\nFirst\n\nSecond\n\n';
    const text = show(start, true);
    const [title, first] = [text.find('h4').element, text.find('p').element];
    await text.setProps({ source: `${start}Third **bold**\n\nFourth` });
    await frame();
    await nextTick();
    expect(text.find('h4').element).toBe(title);
    expect(text.find('p').element).toBe(first);
    expect(text.find('strong').text()).toBe('bold');
    await text.setProps({ streaming: false });
    expect(text.find('h4').element).toBe(title);
  });

  it('is read once per frame, however often it grows', async () => {
    const request = vi.spyOn(window, 'requestAnimationFrame');
    const text = show('a', true);
    for (const source of ['ab', 'abc', 'abcd']) await text.setProps({ source });
    expect(request).toHaveBeenCalledTimes(1);
    expect(text.text()).toBe('a');
    await frame();
    await nextTick();
    expect(text.text()).toBe('abcd');
  });

  it('is exact in the moment it ends', async () => {
    const text = show('Words\n', true);
    await text.setProps({ source: 'Words\n-', streaming: false });
    expect(text.find('h5').text()).toBe('Words');
  });

  it('shows a fence without an end as code, and goes on behind it once it has one', async () => {
    const open = 'Before\n\n```js\nlet a = "**no bold**";\n';
    const text = show(open, true);
    expect(text.find('pre').text()).toBe('let a = "**no bold**";');
    expect(text.find('strong').exists()).toBe(false);
    await text.setProps({ source: `${open}\`\`\`\n\n**After**`, streaming: false });
    expect(text.find('pre').text()).toBe('let a = "**no bold**";');
    expect(text.find('strong').text()).toBe('After');
  });
});
