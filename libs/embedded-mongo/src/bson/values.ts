/**
 * The engine's own view of BSON values. Numbers keep their BSON type (a plain JavaScript number
 * could not tell Int32 from Double), Long is a bigint, and a document is an insertion-ordered map,
 * because a plain object would move integer-like keys to the front.
 */

/** A 32-bit integer. */
export class Int32 {
  constructor(readonly value: number) {}
}

/** A 64-bit IEEE float. */
export class Double {
  constructor(readonly value: number) {}
}

/** The 16 little-endian bytes of an IEEE 754-2008 decimal128. */
export class Decimal128 {
  constructor(readonly bytes: Uint8Array) {}
}

/** A 12-byte object id. */
export class ObjectId {
  constructor(readonly bytes: Uint8Array) {}
  toString(): string {
    return Buffer.from(this.bytes).toString('hex');
  }
}

/** Bytes with a BSON subtype (4 is a UUID). */
export class Binary {
  constructor(
    readonly bytes: Uint8Array,
    readonly subtype: number,
  ) {}
}

/** MongoDB's internal timestamp: seconds in the high 32 bits, an ordinal in the low ones. */
export class Timestamp {
  constructor(readonly value: bigint) {}
}

/** A regular expression as stored; the pattern is PCRE, not JavaScript. */
export class Regex {
  constructor(
    readonly pattern: string,
    readonly options: string,
  ) {}
}

/** JavaScript source without scope. */
export class Code {
  constructor(readonly source: string) {}
}

export class MinKey {
  readonly bound = 'min';
}

export class MaxKey {
  readonly bound = 'max';
}

/** A document already in BSON; the encoder copies its bytes. */
export class RawDocument {
  constructor(readonly bytes: Uint8Array) {}
}

/** A document with its fields in order. */
export class Doc extends Map<string, Value> {
  /** The bytes this document was decoded from, kept where they will be stored unchanged. */
  raw?: Buffer;
}

export type Value =
  | null
  | string
  | boolean
  | bigint
  | Date
  | Int32
  | Double
  | Decimal128
  | ObjectId
  | Binary
  | Timestamp
  | Regex
  | Code
  | MinKey
  | MaxKey
  | Doc
  | Value[];

/** A number of any of the four BSON number types. */
export type NumericValue = Int32 | Double | Decimal128 | bigint;

export function isNumeric(value: Value | undefined): value is NumericValue {
  return (
    typeof value === 'bigint' ||
    value instanceof Int32 ||
    value instanceof Double ||
    value instanceof Decimal128
  );
}

/** Builds a document from a literal; keys that look like integers must not be used here. */
export function doc(fields: Record<string, Value>): Doc {
  return new Doc(Object.entries(fields));
}

/** The alias MongoDB uses for a value's type in messages and in `$type`. */
export function typeName(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'long';
  if (value instanceof Int32) return 'int';
  if (value instanceof Double) return 'double';
  if (value instanceof Doc) return 'object';
  if (Array.isArray(value)) return 'array';
  if (value instanceof ObjectId) return 'objectId';
  if (value instanceof Date) return 'date';
  if (value instanceof Decimal128) return 'decimal';
  if (value instanceof Binary) return 'binData';
  if (value instanceof Timestamp) return 'timestamp';
  if (value instanceof Regex) return 'regex';
  if (value instanceof Code) return 'javascript';
  return value instanceof MinKey ? 'minKey' : 'maxKey';
}
