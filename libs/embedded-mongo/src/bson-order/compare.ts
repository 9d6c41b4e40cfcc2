import {
  Binary,
  Code,
  Decimal128,
  Doc,
  Double,
  Int32,
  MinKey,
  ObjectId,
  Regex,
  Timestamp,
  type Value,
} from '../bson/values.js';
import { compareNumbers } from './numbers.js';

/**
 * The classes of BSON's cross-type order, in that order. The numbers are the first byte of an
 * index key, so a change of them needs a new file format. `emptyArray` is what a multikey index
 * holds for `[]` (MongoDB keeps "undefined" there).
 */
export const TypeClass = {
  minKey: 0x05,
  emptyArray: 0x0a,
  null: 0x10,
  number: 0x20,
  string: 0x30,
  object: 0x40,
  array: 0x50,
  binary: 0x60,
  objectId: 0x70,
  boolean: 0x80,
  date: 0x90,
  timestamp: 0xa0,
  regex: 0xb0,
  code: 0xc0,
  maxKey: 0xf0,
} as const;

export type TypeClass = (typeof TypeClass)[keyof typeof TypeClass];

/** The class a value sorts in; a missing field sorts as null. */
export function typeClassOf(value: Value | undefined): TypeClass {
  if (value === null || value === undefined) return TypeClass.null;
  if (typeof value === 'string') return TypeClass.string;
  if (typeof value === 'boolean') return TypeClass.boolean;
  return typeof value === 'bigint' ? TypeClass.number : objectClass(value);
}

function objectClass(value: Exclude<Value, null> & object): TypeClass {
  if (value instanceof Int32 || value instanceof Double) return TypeClass.number;
  if (value instanceof ObjectId) return TypeClass.objectId;
  if (value instanceof Date) return TypeClass.date;
  if (value instanceof Doc) return TypeClass.object;
  if (Array.isArray(value)) return TypeClass.array;
  if (value instanceof Decimal128) return TypeClass.number;
  if (value instanceof Binary) return TypeClass.binary;
  if (value instanceof Timestamp) return TypeClass.timestamp;
  if (value instanceof Regex) return TypeClass.regex;
  if (value instanceof Code) return TypeClass.code;
  return value instanceof MinKey ? TypeClass.minKey : TypeClass.maxKey;
}

function order<T>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Strings are ordered by their UTF-8 bytes, which is code point order, not UTF-16's. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    // Surrogates encode the code points above all others.
    const leftHigh = left >= 0xd800 && left <= 0xdfff;
    const rightHigh = right >= 0xd800 && right <= 0xdfff;
    return leftHigh === rightHigh ? left - right : leftHigh ? 1 : -1;
  }
  return a.length - b.length;
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  for (let at = 0; at < a.length; at++) {
    if (at >= b.length) return 1;
    const difference = compareValues(a[at] ?? null, b[at] ?? null);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Field by field: type class, then name, then value; the shorter document is less. */
function compareDocs(a: Doc, b: Doc): number {
  const others = b.entries();
  for (const [key, value] of a) {
    const next = others.next();
    if (next.done) return 1;
    const [otherKey, otherValue] = next.value;
    const difference =
      typeClassOf(value) - typeClassOf(otherValue) ||
      compareStrings(key, otherKey) ||
      compareValues(value, otherValue);
    if (difference !== 0) return difference;
  }
  return a.size - b.size;
}

function compareBinary(a: Binary, b: Binary): number {
  return (
    a.bytes.length - b.bytes.length || a.subtype - b.subtype || Buffer.compare(a.bytes, b.bytes)
  );
}

/**
 * BSON's total order over stored values (binary collation).
 * @returns negative, zero or positive
 */
export function compareValues(a: Value, b: Value): number {
  const byClass = typeClassOf(a) - typeClassOf(b);
  if (byClass !== 0) return byClass;
  if (typeof a === 'string') return compareStrings(a, b as string);
  if (typeof a === 'boolean') return order(a, b as boolean);
  if (a === null || b === null) return 0;
  if (
    typeof a === 'bigint' ||
    a instanceof Int32 ||
    a instanceof Double ||
    a instanceof Decimal128
  ) {
    return compareNumbers(a, b as Int32);
  }
  if (a instanceof ObjectId) return Buffer.compare(a.bytes, (b as ObjectId).bytes);
  if (a instanceof Date) return order(a.getTime(), (b as Date).getTime());
  if (a instanceof Doc) return compareDocs(a, b as Doc);
  if (Array.isArray(a)) return compareArrays(a, b as Value[]);
  if (a instanceof Binary) return compareBinary(a, b as Binary);
  if (a instanceof Timestamp) return order(a.value, (b as Timestamp).value);
  if (a instanceof Regex) {
    const other = b as Regex;
    return compareStrings(a.pattern, other.pattern) || compareStrings(a.options, other.options);
  }
  if (a instanceof Code) return compareStrings(a.source, (b as Code).source);
  return 0;
}

export function valuesEqual(a: Value, b: Value): boolean {
  return compareValues(a, b) === 0;
}
