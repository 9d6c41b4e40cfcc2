import { mount } from '@vue/test-utils';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import MarkdownText from './MarkdownText.vue';
import { prepareMarkdown } from './parser-loading.js';

beforeAll(prepareMarkdown);

const render = (source: string): Element =>
  mount(MarkdownText, { props: { source } }).element as Element;

const SAFE_ELEMENTS = new Set(
  `div p h4 h5 h6 em strong s a code pre br hr ul ol li input blockquote table thead tbody tr th td span
  button svg path rect circle small math`.split(/\s+/),
);

/** What must hold for every text. */
function expectHarmless(root: Element): void {
  for (const element of [root, ...root.querySelectorAll('*')]) {
    if (element.closest('.katex')) continue;
    expect(SAFE_ELEMENTS).toContain(element.localName);
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(/^on/i);
      expect(['src', 'srcset', 'srcdoc', 'action', 'formaction', 'poster']).not.toContain(name);
      if (name === 'style') expect(value).toMatch(/^text-align: (left|center|right);$/);
      if (name === 'href') expect(value).toMatch(/^(https?:\/\/|mailto:)/);
    }
    if (element.localName === 'a') {
      expect(element.getAttribute('rel')).toBe('noopener noreferrer');
      expect(element.getAttribute('target')).toBe('_blank');
      expect(element.querySelector('a')).toBeNull();
    }
  }
}

const ATTACKS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<!--><script>alert(1)</script>-->',
  '<style>@import "https://evil.test/a.css"</style>',
  '<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#x6a;avascript:alert(1))',
  '[x](java&Tab;script:alert(1))',
  '[x](<java\nscript:alert(1)>)',
  '[x](\u0001javascript:alert(1))',
  '[x]( javascript:alert(1) "title")',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](blob:https://example.org/1)',
  '[x](file:///etc/passwd)',
  '[x](//evil.test/a)',
  '[x](/auths/logout)',
  '[x][r]\n\n[r]: javascript:alert(1)',
  '<javascript:alert(1)>',
  '![x](https://evil.test/a.png)',
  '![x](data:image/svg+xml,<svg onload=alert(1)>)',
  '![x" onerror="alert(1)](https://evil.test/"onerror="alert(1))',
  '[![x](https://evil.test/a.png)](https://evil.test/)',
  '[x](https://evil.test/"onmouseover="alert(1))',
  '[x](https://evil.test "\\" onmouseover=alert(1)")',
  '```js" onmouseover="alert(1)\ncode\n```',
  '```<script>\ncode\n```',
  '`<script>alert(1)</script>`',
  '| <img src=x onerror=alert(1)> |\n|---|\n| [x](javascript:alert(1)) |',
  '- [x] <img src=x onerror=alert(1)>',
  '# <script>alert(1)</script>',
  '{{ constructor.constructor("alert(1)")() }}',
  '[x](javascript://example.org/%0aalert(1))',
];

describe('text from elsewhere', () => {
  it.each(ATTACKS)('does nothing: %j', (attack) => {
    expectHarmless(render(attack));
    expectHarmless(render(`> - ${attack.replaceAll('\n', '\n>   ')}`));
  });

  it('does nothing, however its parts are put together', () => {
    const part = fc.oneof(
      fc.constantFrom(...ATTACKS),
      fc.constantFrom('[', '](', ')', '![', '<', '>', '"', '`', '\n', '\n\n', '&#', '\\', '|', '*'),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        expectHarmless(render(parts.join('')));
      }),
      { numRuns: 300 },
    );
  });

  it('shows HTML as it is written', () => {
    expect(render('<b onclick="x()">bold</b>').textContent).toBe('<b onclick="x()">bold</b>');
  });

  it('keeps the words of a link that leads nowhere safe', () => {
    const text = render('[see **here**](javascript:alert(1))');
    expect(text.textContent).toBe('see here');
    expect(text.querySelector('a')).toBeNull();
  });

  it('shows an image as a link that says what it is and where it lies', () => {
    const link = render('![A cat](https://images.example.org/cat.png)').querySelector('a');
    expect(link?.getAttribute('href')).toBe('https://images.example.org/cat.png');
    expect(link?.textContent.replace(/\s+/g, ' ').trim()).toBe('Image: A cat images.example.org');
  });
});

describe('text made to take long', () => {
  it.each([
    ['quotes', '>'.repeat(20_000)],
    ['brackets', '['.repeat(20_000)],
    ['emphasis', '*a'.repeat(10_000)],
    ['dollars', '$x'.repeat(10_000)],
    ['formula starts', '\\('.repeat(10_000)],
    ['formula blocks', '\\[\n'.repeat(5_000)],
    ['lists', Array.from({ length: 400 }, (_, at) => `${'  '.repeat(at)}- x`).join('\n')],
  ])('does not: %s', (_, source) => {
    const began = performance.now();
    render(source);
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
