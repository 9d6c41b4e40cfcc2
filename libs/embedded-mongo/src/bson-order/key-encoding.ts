import {
  Binary,
  Code,
  Decimal128,
  Doc,
  Double,
  Int32,
  ObjectId,
  Regex,
  Timestamp,
  type NumericValue,
  type Value,
} from '../bson/values.js';
import { TypeClass, typeClassOf } from './compare.js';
import { compareScaled, scaledFromDouble, scaledOf, toDouble, type Scaled } from './numbers.js';

/**
 * Order-preserving encoding of values as bytes: comparing two encodings as unsigned bytes gives
 * the order of `compareValues` (the twin of this file; a property test holds them together).
 * Every encoding is prefix-free, so that values can follow one another in a compound key and a
 * whole encoding can be inverted for a descending field. No encoded value starts with 0x00 or
 * 0xFF, inverted or not: 0xFF after a prefix is above every key that has the prefix.
 */
class KeyWriter {
  private buffer = Buffer.allocUnsafe(256);
  private at = 0;

  get length(): number {
    return this.at;
  }

  finish(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.at));
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.at++] = value;
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.at = this.buffer.writeUInt32BE(value, this.at);
  }

  uint64(value: bigint): void {
    this.reserve(8);
    this.at = this.buffer.writeBigUInt64BE(value, this.at);
  }

  double(value: number): void {
    this.reserve(8);
    this.at = this.buffer.writeDoubleBE(value, this.at);
  }

  /** Zero bytes are escaped, so that the terminator 00 00 sorts below any continuation. */
  text(text: string): void {
    this.reserve(text.length * 3 + 2);
    const from = this.at;
    this.at += this.buffer.write(text, from, 'utf8');
    if (text.includes('\0')) {
      const plain = Buffer.from(this.buffer.subarray(from, this.at));
      this.at = from;
      for (const byte of plain) {
        this.byte(byte);
        if (byte === 0) this.byte(0xff);
      }
      this.reserve(2);
    }
    this.buffer[this.at++] = 0;
    this.buffer[this.at++] = 0;
  }

  invertFrom(start: number): void {
    for (let at = start; at < this.at; at++) this.buffer[at] = 0xff ^ (this.buffer[at] ?? 0);
  }

  value(value: Value | undefined): void {
    this.byte(typeClassOf(value));
    if (value === null || value === undefined) return;
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'boolean') this.byte(value ? 1 : 0);
    else if (typeof value === 'bigint') this.number(value);
    else this.object(value);
  }

  private object(value: Exclude<Value, null> & object): void {
    if (value instanceof ObjectId) this.bytes(value.bytes);
    else if (value instanceof Date) this.uint64(BigInt(value.getTime()) + 2n ** 63n);
    else if (value instanceof Int32 || value instanceof Double || value instanceof Decimal128) {
      this.number(value);
    } else if (value instanceof Doc) this.doc(value);
    else if (Array.isArray(value)) {
      for (const item of value) this.value(item);
      this.byte(0);
    } else if (value instanceof Binary) {
      this.uint32(value.bytes.length);
      this.byte(value.subtype);
      this.bytes(value.bytes);
    } else if (value instanceof Timestamp) this.uint64(value.value);
    else if (value instanceof Regex) {
      this.text(value.pattern);
      this.text(value.options);
    } else if (value instanceof Code) this.text(value.source);
  }

  private doc(value: Doc): void {
    for (const [key, member] of value) {
      this.byte(typeClassOf(member));
      this.text(key);
      this.value(member);
    }
    this.byte(0);
  }

  /** Class (NaN, negative, zero, positive), then the magnitude, inverted for negatives. */
  private number(value: NumericValue): void {
    const near = toDouble(value);
    if (Number.isNaN(near)) {
      this.byte(0x00);
      return;
    }
    const exact = value instanceof Int32 || value instanceof Double ? undefined : scaledOf(value);
    const negative = exact ? exact.coefficient < 0n : near < 0;
    if (exact ? exact.coefficient === 0n : near === 0) {
      this.byte(0x02);
      return;
    }
    this.byte(negative ? 0x01 : 0x03);
    const start = this.at;
    if (exact) this.exactMagnitude(exact);
    else {
      this.double(Math.abs(near));
      this.byte(0);
    }
    if (negative) this.invertFrom(start);
  }

  /** The largest double not above the magnitude, then what is missing to it in decimal. */
  private exactMagnitude(value: Scaled): void {
    const magnitude: Scaled = {
      coefficient: value.coefficient < 0n ? -value.coefficient : value.coefficient,
      exponent: value.exponent,
    };
    let floor = Number(`${magnitude.coefficient.toString()}e${magnitude.exponent}`);
    if (floor === Infinity) floor = Number.MAX_VALUE;
    if (compareScaled(scaledFromDouble(floor), magnitude) > 0) floor = doubleBelow(floor);
    this.double(floor);
    const base = scaledFromDouble(floor);
    const exponent = Math.min(base.exponent, magnitude.exponent);
    const rest =
      magnitude.coefficient * 10n ** BigInt(magnitude.exponent - exponent) -
      base.coefficient * 10n ** BigInt(base.exponent - exponent);
    if (rest === 0n) this.byte(0);
    else this.remainder(rest, exponent);
  }

  private remainder(coefficient: bigint, exponent: number): void {
    this.byte(1);
    const digits = coefficient.toString();
    this.uint32(2 ** 31 + exponent + digits.length);
    // Trailing zeros would make equal values differ; digits are shifted so that 0 ends them.
    for (const digit of digits.replace(/0+$/, '')) this.byte(digit.charCodeAt(0) - 0x2f);
    this.byte(0);
  }

  private reserve(count: number): void {
    const needed = this.at + count;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }

  restart(): void {
    this.at = 0;
  }
}

const bits = Buffer.alloc(8);

function doubleBelow(value: number): number {
  bits.writeDoubleBE(value);
  bits.writeBigUInt64BE(bits.readBigUInt64BE() - 1n);
  return bits.readDoubleBE();
}

const writer = new KeyWriter();

/** Stands for an empty array in a multikey index: below null, equal to no query value. */
export const EMPTY_ARRAY = Symbol('empty array');

/** A component of an index key: a value, a missing field, or an empty array. */
export type KeyComponent = Value | undefined | typeof EMPTY_ARRAY;

/** Encodes one value of a key; `descending` inverts it. */
export function encodeKeyValue(value: KeyComponent, descending: boolean): Buffer {
  writer.restart();
  writeComponent(value, descending);
  return writer.finish();
}

function writeComponent(value: KeyComponent, descending: boolean): void {
  const start = writer.length;
  if (value === EMPTY_ARRAY) writer.byte(TypeClass.emptyArray);
  else writer.value(value);
  if (descending) writer.invertFrom(start);
}

/** Encodes a whole index key: the index id (4 bytes), then every component. */
export function encodeKey(
  indexId: number,
  components: readonly KeyComponent[],
  descending: readonly boolean[],
): Buffer {
  writer.restart();
  writer.uint32(indexId);
  for (let at = 0; at < components.length; at++) {
    writeComponent(components[at], descending[at] ?? false);
  }
  return writer.finish();
}
