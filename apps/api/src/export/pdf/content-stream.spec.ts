import { ContentStreamError, numbersOf, operationsOf, tokensOf } from './content-stream.js';

const read = (text: string) => [...operationsOf(Buffer.from(text, 'latin1'))];

describe('operationsOf', () => {
  it('finds every operator, and where it stands', () => {
    const text = 'q\n1 0 0 -1 62.5 .25 cm\n/c0 cs 0 scn BT\n0 Tr /f0 9 Tf (a) Tj ET Q';
    const found = read(text);
    expect(found.map(({ name }) => name).join(' ')).toBe('q cm cs scn BT Tr Tf Tj ET Q');
    expect(found.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
    expect(found[1] && numbersOf(found[1])).toEqual([1, 0, 0, -1, 62.5, 0.25]);
  });

  it.each([
    ['escapes', String.raw`(\000\050\\\n\)\7x) Tj`, '\0(\\\n)\u0007x'],
    ['parentheses in pairs', '(a(b(c))d) Tj', 'a(b(c))d'],
    ['line ends that are none', '(a\\\nb) Tj', 'ab'],
    ['hexadecimals, of which the last may be short', '<4A 4b5> Tj', 'JKP'],
    ['hexadecimals that look like operators', '<FEFF> Tj', '\u00fe\u00ff'],
  ])('reads strings: %s', (_, text, value) => {
    const [operation] = read(text);
    const tokens = operation && tokensOf(operation);
    expect(tokens).toEqual([{ kind: 'string', value: Buffer.from(value, 'latin1') }]);
  });

  it('takes what stands in strings for no operators', () => {
    const found = read('[(Tj ET) -12.5 <BDC0>] TJ /Span <</ActualText <FEFF05D0>>> BDC EMC');
    expect(found.map(({ name }) => name)).toEqual(['TJ', 'BDC', 'EMC']);
  });

  it('says so where it does not understand', () => {
    expect(() => read('(never closed Tj')).toThrow(ContentStreamError);
    expect(() => read('1 0 0 } cm')).toThrow(ContentStreamError);
  });

  it.each(['1', ' ', '.1', '(a)', '<a>', '/a'])(
    'says so soon, however much of “%s” there is',
    (part) => {
      const began = performance.now();
      expect(() => read(`${part.repeat(5_000)}}`)).toThrow(ContentStreamError);
      expect(performance.now() - began).toBeLessThan(5_000);
    },
  );
});
