import { breakable } from './long-words.js';
import { toBlocks } from './markdown-blocks.js';
import { scriptOf } from './script.js';

const plain = { dir: 'ltr', lang: 'en' };

describe('Markdown to print', () => {
  it('is the blocks that the page shows', () => {
    const markdown = '# T\n\na *b* `c`\nd\n\n> q\n\n3. x\n4. y\n\n```js\nz\n```\n\n---';
    expect(toBlocks(markdown)).toEqual([
      { t: 'h', s: plain, n: 1, c: ['T'] },
      {
        t: 'p',
        s: plain,
        c: ['a ', { t: 'em', c: ['b'] }, ' ', { t: 'code', c: ['c'] }, ' ', 'd'],
      },
      { t: 'quote', s: plain, b: [{ t: 'p', s: plain, c: ['q'] }] },
      {
        t: 'ol',
        s: plain,
        start: 3,
        items: [[{ t: 'p', s: plain, c: ['x'] }], [{ t: 'p', s: plain, c: ['y'] }]],
      },
      { t: 'code', lang: 'js', v: 'z', long: false },
      { t: 'hr' },
    ]);
  });

  it('has tables with their columns aligned', () => {
    expect(toBlocks('| a | b |\n|--:|---|\n| 1 | 2 |')).toEqual([
      {
        t: 'table',
        s: plain,
        align: ['right', null],
        rows: [
          [['a'], ['b']],
          [['1'], ['2']],
        ],
      },
    ]);
  });

  it('leads to the web and to mail only', () => {
    const link = (markdown: string): unknown => toBlocks(markdown)[0];
    expect(link('[x](https://example.org)')).toMatchObject({
      c: [{ t: 'a', href: 'https://example.org', c: ['x'] }],
    });
    expect(link('[x](javascript:alert(1))')).toMatchObject({ c: ['[x](javascript:alert(1))'] });
    expect(link('[x](file:///etc/passwd)')).toMatchObject({ c: ['[x](file:///etc/passwd)'] });
    expect(link('![alt](https://example.org/i.png)')).toMatchObject({
      c: [{ t: 'a', href: 'https://example.org/i.png', c: ['Image: alt'] }],
    });
  });

  it('is text where it is HTML or a formula', () => {
    expect(toBlocks('<b>x</b> $a_1$')).toEqual([{ t: 'p', s: plain, c: ['<b>x</b> $a_1$'] }]);
  });

  it('is no deeper than the compiler can follow, and loses no word', () => {
    const deep = `${'> '.repeat(60)}quoted\n\n${'**a *b '.repeat(60)}marked`;
    const text = JSON.stringify(toBlocks(deep));
    expect(text).toContain('quoted');
    expect(text).toContain('marked');
    expect(text.split('"quote"').length).toBeLessThan(12);
  });

  it('has the direction and the language of each paragraph', () => {
    expect(scriptOf('12 — שלום Hello')).toEqual({ dir: 'rtl', lang: 'he' });
    expect(scriptOf('Hello שלום')).toEqual({ dir: 'ltr', lang: 'he' });
    expect(scriptOf('漢字とかな')).toEqual({ dir: 'ltr', lang: 'ja' });
    expect(scriptOf('你好')).toEqual({ dir: 'ltr', lang: 'zh' });
    expect(scriptOf('123')).toEqual({ dir: 'ltr', lang: 'en' });
  });

  it('may break long words, without a character more', () => {
    const word = 'abcdefghij'.repeat(12);
    const [before, pieces, after] = breakable(`see ${word} there`);
    expect([before, after]).toEqual(['see ', ' there']);
    expect(pieces).toHaveLength(6);
    expect((pieces as string[]).join('')).toBe(word);
    expect(breakable('short words only')).toEqual(['short words only']);
    expect(breakable('中'.repeat(100))).toEqual(['中'.repeat(100)]);
  });
});
