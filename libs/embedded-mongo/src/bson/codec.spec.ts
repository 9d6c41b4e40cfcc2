import fc from 'fast-check';
import { values } from '../../test/support/arbitrary-values.js';
import { decodeDocument } from './decode.js';
import { encodeDocument } from './encode.js';
import { Doc } from './values.js';

describe('the BSON codec', () => {
  it('gives back the bytes it has read', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeDocument(new Doc([['v', value]]));
        expect(encodeDocument(decodeDocument(bytes)).equals(bytes)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([10, 24, 25, 65_000, 65_536, 70_000, 200_000])(
    'writes texts of %d characters, of whatever alphabet, as they are',
    (length) => {
      for (const text of ['a', 'é', '語', '😀', 'a語', '\0'].map((unit) => unit.repeat(length))) {
        const read = decodeDocument(encodeDocument({ first: 1, text, last: text }));
        expect(read.get('text')).toBe(text);
        expect(read.get('last')).toBe(text);
      }
    },
  );

  it('leaves a document alone when others are written', () => {
    const documents = ['a', 'b', 'c'].map((letter) => encodeDocument({ text: letter.repeat(40) }));
    const texts = documents.map((bytes) => decodeDocument(bytes).get('text'));
    expect(texts).toEqual(['a', 'b', 'c'].map((letter) => letter.repeat(40)));
  });

  it('refuses every document that was cut or changed into something it cannot read, with a code', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.nat(255), (value, position, byte) => {
        const bytes = Buffer.from(encodeDocument(new Doc([['v', value]])));
        bytes[position % bytes.length] = byte;
        try {
          decodeDocument(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: 'CommandError' });
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses text that is not UTF-8', () => {
    const bytes = Buffer.from(encodeDocument({ text: 'aaaa' }));
    bytes[bytes.indexOf('aaaa') + 1] = 0xc3;
    expect(() => decodeDocument(bytes)).toThrow('not UTF-8');
  });

  it('refuses more than 180 levels', () => {
    const nest = (levels: number): Doc =>
      levels === 0 ? new Doc() : new Doc([['a', nest(levels - 1)]]);
    expect(() => decodeDocument(encodeDocument(nest(180)))).not.toThrow();
    expect(() => decodeDocument(encodeDocument(nest(181)))).toThrow('nested object depth');
  });
});
