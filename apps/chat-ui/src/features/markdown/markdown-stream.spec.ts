import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parseMarkdown } from './markdown-parser.js';
import { MarkdownStream, settledText } from './markdown-stream.js';

const wholeOf = (source: string) => parseMarkdown(source).blocks.map(({ node }) => node);

/** Lines that begin, continue, interrupt and end every kind of block, in each other's way. */
const line = fc.oneof(
  fc.constantFrom(
    '',
    '',
    '',
    'Some *words* and `code`.',
    'more words',
    '# Heading',
    '=====',
    '---',
    '- item',
    '  - nested',
    '* other list',
    '1. one',
    '2. two',
    '10) ten',
    '- [ ] to do',
    '- [x] done',
    '  continued',
    '    indented',
    '> quoted',
    '> - quoted item',
    '>',
    '```',
    '```ts',
    '````',
    '~~~',
    '  ```',
    '> ```',
    '| a | b |',
    '|---|:-:|',
    '| 1 | 2 |',
    'a | b',
    '$$',
    'x^2',
    '$$ a = b $$',
    '\\[',
    '\\]',
    'costs $5 or $x$',
    '<div onclick="x()">',
    '<!-- c',
    '[ref]: https://example.org/a',
    '[late]:',
    '"title"',
    'see [ref] and [late][ref]',
    '[open](https://example.org',
    '**bold over',
    'lines**',
    '![alt](https://example.org/x.png)',
    '\t- tab',
    'ending with backslash\\',
    'two spaces  ',
  ),
  fc.string({ maxLength: 12 }),
);
const documents = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\n\n', '\r\n')), { maxLength: 24 })
  .map((lines) => lines.map(([text, end]) => text + end).join(''));
const cuts = fc.array(fc.nat(), { minLength: 1, maxLength: 30 });

function prefixesOf(source: string, at: readonly number[]): string[] {
  const ends = at.map((cut) => cut % (source.length + 1)).sort((a, b) => a - b);
  return ends.map((end) => source.slice(0, end));
}

describe('a text that grows', () => {
  it('ends as the whole text read at once, wherever it was cut', () => {
    fc.assert(
      fc.property(documents, cuts, (source, at) => {
        const stream = new MarkdownStream(parseMarkdown);
        for (const prefix of prefixesOf(source, at)) stream.update(prefix, true);
        const shown = stream.update(source, false).map(({ node }) => node);
        expect(shown).toEqual(wholeOf(source));
      }),
      { numRuns: 500 },
    );
  });

  it('shows at every cut what the text so far says, where no reference comes late', () => {
    fc.assert(
      fc.property(documents, cuts, (written, at) => {
        const source = written.replace(/\[/g, '(').replace(/\r/g, '');
        const stream = new MarkdownStream(parseMarkdown);
        for (const prefix of prefixesOf(source, at)) {
          const shown = stream.update(prefix, true).map(({ node }) => node);
          expect(shown).toEqual(wholeOf(settledText(prefix)));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the blocks that are finished, as the same objects', () => {
    const stream = new MarkdownStream(parseMarkdown);
    const start = '# One\n\nTwo\n\n- three\n\nFour\n\n';
    const [one, two] = stream.update(start, true);
    const later = stream.update(`${start}Five\n\nSix`, true);
    expect(later[0]).toBe(one);
    expect(later[1]).toBe(two);
    const ended = stream.update(`${start}Five\n\nSix`, false);
    expect(ended[0]).toBe(one);
    expect(ended[5]).toBe(later[5]);
  });

  it('keeps the items of a list that grows', () => {
    const stream = new MarkdownStream(parseMarkdown);
    const [before] = stream.update('- one\n- two\n- thr', true);
    const [after] = stream.update('- one\n- two\n- three', true);
    if (before?.node.kind !== 'list' || after?.node.kind !== 'list') throw new Error('no list');
    expect(after.node.items[1]).toBe(before.node.items[1]);
    expect(after.node.items[2]).not.toBe(before.node.items[2]);
  });

  it('reads only its end again', () => {
    const parse = vi.fn(parseMarkdown);
    const stream = new MarkdownStream(parse);
    const paragraphs = Array.from({ length: 200 }, (_, at) => `Paragraph ${at} of this text.`);
    let source = '';
    for (const paragraph of paragraphs) {
      source += `${paragraph}\n\n`;
      stream.update(source, true);
    }
    const read = parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
    expect(read).toBeLessThan(source.length * 6);
  });

  it('applies a definition that comes late to what stands before it', () => {
    const stream = new MarkdownStream(parseMarkdown);
    const text = 'See [here].\n\nTwo\n\n[here]: https://example.org/\n\nThree\n\nFour\n\nFive\n';
    const [first] = stream.update(text, true);
    expect(first?.node).toEqual(wholeOf(text)[0]);
  });

  it('starts anew with another text', () => {
    const stream = new MarkdownStream(parseMarkdown);
    stream.update('One\n\nTwo\n\nThree\n\nFour', true);
    expect(stream.update('Other\n\nwords', true).map(({ node }) => node)).toEqual(
      wholeOf('Other\n\nwords'),
    );
  });
});

describe('the last line of a text that grows', () => {
  it.each(['Words\n-', 'Words\n==', 'Words\n``', 'Words\n| a |\n|--', 'Words\n1.', 'Words\n> *'])(
    'waits until it says something: %j',
    (text) => {
      expect(settledText(text)).toBe(text.slice(0, text.lastIndexOf('\n') + 1));
    },
  );

  it.each(['Words\n- a', 'Words\n---\n', 'Words', 'Words\n1. a'])('is shown: %j', (text) => {
    expect(settledText(text)).toBe(text);
  });
});
