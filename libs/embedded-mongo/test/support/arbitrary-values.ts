import fc from 'fast-check';
import {
  Binary,
  Decimal128,
  Doc,
  Double,
  Int32,
  MaxKey,
  MinKey,
  ObjectId,
  Regex,
  Timestamp,
  type NumericValue,
  type Value,
} from '../../src/bson/values.js';
import { decimalFrom } from '../../src/bson-order/numbers.js';

/** Numbers of all types, crowded where the types meet: near 2^53, 2^63 and between doubles. */
export const numbers: fc.Arbitrary<NumericValue> = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((value) => new Int32(value)),
  fc.double().map((value) => new Double(value)),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 0.1, 2 ** 53, 2 ** 63).map((v) => new Double(v)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: 2n ** 53n - 4n, max: 2n ** 53n + 4n }),
  fc
    .record({
      coefficient: fc.oneof(
        fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }),
        fc.bigInt({ min: -20n, max: 20n }),
      ),
      exponent: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -400, max: 400 })),
    })
    .map(decimalFrom),
  fc.constantFrom('7c', '78', 'f8').map((head) => {
    const bytes = Buffer.alloc(16);
    bytes[15] = parseInt(head, 16);
    return new Decimal128(bytes);
  }),
);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', '\0', 'a\0', 'a', 'a\u0001', '\uffff', '\u{10000}', 'é'),
);

export const scalars: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: numbers },
  { weight: 3, arbitrary: text },
  fc.boolean(),
  fc.constant(null),
  fc.integer().map((time) => new Date(time)),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc
    .tuple(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(0, 4))
    .map(([b, s]) => new Binary(b, s)),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => new Timestamp(value)),
  fc.constantFrom(new Regex('a', ''), new Regex('a', 'i'), new Regex('b', '')),
  fc.constantFrom<Value>(new MinKey(), new MaxKey()),
);

export const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'a\u0001', '0'), tie('value')), { maxLength: 3 })
      .map((entries) => new Doc(entries)),
  ),
})).value;
