import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { splitLinks } from './message-text.js';
import MessageText from './MessageText.vue';

const links = (content: string): (string | undefined)[] =>
  splitLinks(content)
    .filter(({ href }) => href !== undefined)
    .map(({ text }) => text);

describe('splitLinks', () => {
  it('finds addresses and leaves the punctuation of the sentence out', () => {
    expect(
      links('See https://example.org/a, (http://example.org/b) and https://example.org/c.'),
    ).toEqual(['https://example.org/a', 'http://example.org/b', 'https://example.org/c']);
  });

  it('keeps brackets that belong to the address', () => {
    expect(links('https://example.org/a_(b)')).toEqual(['https://example.org/a_(b)']);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://'])(
    'makes no link of %s',
    (content) => {
      expect(links(content)).toEqual([]);
    },
  );

  it('gives the message back unchanged when its pieces are joined', () => {
    const content = ' a\n\thttps://example.org/?q="x" <b>\u202eb\r\n https://x.y…  ';
    expect(
      splitLinks(content)
        .map(({ text }) => text)
        .join(''),
    ).toBe(content);
  });
});

describe('a message on the page', () => {
  it('shows markup as the text it is', () => {
    const content = '<script>alert(1)</scr' + 'ipt><img src=x onerror=alert(1)>\n  two  spaces';
    const shown = mount(MessageText, { props: { content } }).element as HTMLElement;
    expect(shown.textContent).toBe(content);
    expect(shown.children).toHaveLength(0);
  });

  it('opens links without giving the page away', () => {
    const link = mount(MessageText, { props: { content: 'x https://example.org/' } }).get('a');
    expect(link.attributes()).toMatchObject({ target: '_blank', rel: 'noopener noreferrer' });
  });
});
