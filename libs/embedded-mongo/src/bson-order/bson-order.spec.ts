import fc from 'fast-check';
import { Decimal128, Double, Int32, type Value } from '../bson/values.js';
import { numbers, values } from '../../test/support/arbitrary-values.js';
import { compareValues } from './compare.js';
import { encodeKey, encodeKeyValue } from './key-encoding.js';
import { add, decimalFrom, decimalParts, multiply } from './numbers.js';

function sign(value: number): number {
  return Math.sign(value) + 0;
}

describe('the order of BSON values', () => {
  it('is the order of their encoded keys', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const encoded = Buffer.compare(encodeKeyValue(a, false), encodeKeyValue(b, false));
        expect(sign(encoded)).toBe(sign(compareValues(a, b)));
      }),
      { numRuns: 5000 },
    );
  });

  it('is exact between numbers of different types', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const encoded = Buffer.compare(encodeKeyValue(a, false), encodeKeyValue(b, false));
        expect(sign(encoded)).toBe(sign(compareValues(a, b)));
      }),
      { numRuns: 5000 },
    );
  });

  it('is reversed in a descending key', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const encoded = Buffer.compare(encodeKeyValue(a, true), encodeKeyValue(b, true));
        expect(sign(encoded)).toBe(-sign(compareValues(a, b)) + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds for compound keys field by field', () => {
    const pair = fc.tuple(values, values);
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        const direction = [false, true];
        const encoded = Buffer.compare(encodeKey(1, a, direction), encodeKey(1, b, direction));
        const wanted = compareValues(a[0], b[0]) || -compareValues(a[1], b[1]);
        expect(sign(encoded)).toBe(sign(wanted));
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves room below and above every encoded value', () => {
    fc.assert(
      fc.property(values, fc.boolean(), (value, descending) => {
        const [first] = encodeKeyValue(value, descending);
        expect(first).toBeGreaterThan(0);
        expect(first).toBeLessThan(0xff);
      }),
    );
  });

  it('tells a Long from the double next to it', () => {
    expect(compareValues(2n ** 53n + 1n, new Double(2 ** 53))).toBeGreaterThan(0);
    expect(
      compareValues(decimalFrom({ coefficient: 1n, exponent: -1 }), new Double(0.1)),
    ).toBeLessThan(0);
  });

  it('follows the type order of the documentation', () => {
    const inOrder: Value[] = [null, new Int32(5), 'a'];
    expect([...inOrder].reverse().sort(compareValues)).toEqual(inOrder);
  });
});

describe('arithmetic', () => {
  it.each<[string, Value, Value, Value]>([
    ['Int32 overflows to Long', new Int32(2 ** 31 - 1), new Int32(1), 2n ** 31n],
    ['Long stays Long', 1n, new Int32(1), 2n],
    ['Double wins over Long', 1n, new Double(0.5), new Double(1.5)],
  ])('%s', (_title, a, b, sum) => {
    expect(add(a as Int32, b as Int32)).toEqual(sum);
  });

  it('refuses a Long that overflows', () => {
    expect(() => add(2n ** 63n - 1n, 1n)).toThrow('outside of 64 bits');
    expect(() => multiply(2n ** 62n, 2n)).toThrow('outside of 64 bits');
  });

  it('is exact for Decimal128', () => {
    const sum = add(
      decimalFrom({ coefficient: 1n, exponent: -1 }),
      decimalFrom({ coefficient: 2n, exponent: -1 }),
    );
    expect(sum).toBeInstanceOf(Decimal128);
    expect(decimalParts(sum as Decimal128)).toEqual({ coefficient: 3n, exponent: -1 });
  });
});
