import { TypeClass, typeClassOf } from '../bson-order/compare.js';
import { encodeKeyValue } from '../bson-order/key-encoding.js';
import { toDouble } from '../bson-order/numbers.js';
import { isNumeric, Regex, type Value } from '../bson/values.js';
import type { Comparison, Membership, Predicate } from '../evaluate/predicate.js';
import { literalPrefix } from '../evaluate/regex.js';

/** Encoded values of one index field from `from` (inclusive) to `to` (exclusive). */
export interface Interval {
  readonly from: Buffer;
  readonly to: Buffer;
  /** Exactly one value, so the next field of the index is ordered within the interval. */
  readonly point: boolean;
}

/** What a predicate says about the values of one field. */
export interface FieldBounds {
  readonly intervals: readonly Interval[];
  /** Every entry within satisfies the predicate (in an index without arrays). */
  readonly exact: boolean;
}

const ABOVE = Buffer.from([0xff]);

function above(encoded: Buffer): Buffer {
  return Buffer.concat([encoded, ABOVE]);
}

function pointInterval(value: Value, descending: boolean): Interval {
  const encoded = encodeKeyValue(value, descending);
  return { from: encoded, to: above(encoded), point: true };
}

/** All values of one type class. */
function classInterval(typeClass: number, descending: boolean): Interval {
  const first = descending ? 0xff ^ typeClass : typeClass;
  return { from: Buffer.from([first]), to: Buffer.from([first + 1]), point: false };
}

/** A type class without NaN, which is the least number for the index but matches no range. */
function comparable(typeClass: number, descending: boolean): Interval {
  const whole = classInterval(typeClass, descending);
  if (typeClass !== TypeClass.number) return whole;
  return descending
    ? { ...whole, to: Buffer.concat([whole.from, ABOVE]) }
    : { ...whole, from: Buffer.concat([whole.from, Buffer.from([1])]) };
}

function rangeInterval(
  op: 'gt' | 'gte' | 'lt' | 'lte',
  value: Value,
  descending: boolean,
): Interval {
  const encoded = encodeKeyValue(value, descending);
  const whole = comparable(typeClassOf(value), descending);
  const upward = (op === 'gt' || op === 'gte') !== descending;
  const inclusive = op === 'gte' || op === 'lte';
  return upward
    ? { from: inclusive ? encoded : above(encoded), to: whole.to, point: false }
    : { from: whole.from, to: inclusive ? above(encoded) : encoded, point: false };
}

/** Values that are compared as a whole; an array also matches by its elements. */
function isIndexable(value: Value): boolean {
  return !Array.isArray(value) && !(value instanceof Regex);
}

function comparisonBounds(predicate: Comparison, descending: boolean): FieldBounds | undefined {
  const { op, value } = predicate;
  if (!isIndexable(value)) return undefined;
  if (op === 'eq') return { intervals: [pointInterval(value, descending)], exact: true };
  const typeClass = typeClassOf(value);
  // Null and the two ends compare in ways that one interval does not tell.
  if (
    typeClass === TypeClass.null ||
    typeClass === TypeClass.minKey ||
    typeClass === TypeClass.maxKey ||
    typeClass === TypeClass.object
  ) {
    return undefined;
  }
  const isNaNBound = isNumeric(value) && Number.isNaN(toDouble(value));
  if (isNaNBound) return { intervals: [pointInterval(value, descending)], exact: false };
  return { intervals: [rangeInterval(op, value, descending)], exact: true };
}

function membershipBounds(predicate: Membership, descending: boolean): FieldBounds | undefined {
  if (predicate.patterns.length > 0 || !predicate.values.every(isIndexable)) return undefined;
  const intervals = predicate.values.map((value) => pointInterval(value, descending));
  return { intervals: distinct(intervals), exact: true };
}

function distinct(intervals: readonly Interval[]): Interval[] {
  const sorted = [...intervals].sort((a, b) => Buffer.compare(a.from, b.from));
  return sorted.filter((interval, at) => !sorted[at - 1]?.from.equals(interval.from));
}

/** The bounds that a predicate gives for its field; undefined when it gives none. */
export function boundsOf(predicate: Predicate, descending: boolean): FieldBounds | undefined {
  switch (predicate.kind) {
    case 'compare':
      return comparisonBounds(predicate, descending);
    case 'in':
      return membershipBounds(predicate, descending);
    case 'regex': {
      const prefix = literalPrefix(predicate.pattern);
      if (prefix === undefined) return undefined;
      // A stored pattern equal to the queried one matches too.
      return {
        intervals: distinct([
          prefixInterval(prefix, descending),
          classInterval(TypeClass.regex, descending),
        ]),
        exact: false,
      };
    }
    case 'and':
    case 'or':
    case 'nor':
    case 'not':
    case 'expr':
    case 'leaf':
    case 'constant':
      return undefined;
  }
}

function prefixInterval(prefix: string, descending: boolean): Interval {
  // Without the terminator of two bytes, the encoding is a prefix of all longer strings.
  const encoded = encodeKeyValue(prefix, descending).subarray(0, -2);
  // UTF-8 never holds 0xFF, inverted it never holds 0x00.
  return descending
    ? { from: encoded, to: above(above(encoded)), point: false }
    : { from: encoded, to: above(encoded), point: false };
}

function later(a: Buffer, b: Buffer): Buffer {
  return Buffer.compare(a, b) >= 0 ? a : b;
}

function earlier(a: Buffer, b: Buffer): Buffer {
  return Buffer.compare(a, b) <= 0 ? a : b;
}

/** What both bounds allow; sorted, not overlapping. */
export function intersect(a: FieldBounds, b: FieldBounds): FieldBounds {
  const intervals: Interval[] = [];
  for (const left of a.intervals) {
    for (const right of b.intervals) {
      const from = later(left.from, right.from);
      const to = earlier(left.to, right.to);
      if (Buffer.compare(from, to) >= 0) continue;
      intervals.push({ from, to, point: left.point || right.point });
    }
  }
  return { intervals: distinct(intervals), exact: a.exact && b.exact };
}
