import { isUtf8 } from 'node:buffer';
import { CommandError } from '../errors.js';
import {
  Binary,
  Code,
  Decimal128,
  Doc,
  Double,
  Int32,
  MaxKey,
  MinKey,
  ObjectId,
  Regex,
  Timestamp,
  type Value,
} from './values.js';

/** MongoDB's own limit (`maxBSONDepth`). */
export const MAX_NESTING_DEPTH = 180;
/** The largest document that is stored, in bytes. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

const REPLACEMENT = '\uFFFD';

function invalid(what: string): CommandError {
  return new CommandError('InvalidBSON', `invalid BSON: ${what}`);
}

/** Reads one document and checks every length, terminator and string on the way. */
class Decoder {
  private at: number;

  constructor(
    private readonly bytes: Buffer,
    start: number,
    private readonly keepRaw: boolean,
  ) {
    this.at = start;
  }

  document(depth: number): Doc {
    const start = this.at;
    const end = this.open(depth);
    const result = new Doc();
    for (;;) {
      const type = this.byte(end);
      if (type === 0) break;
      const key = this.cstring(end);
      result.set(key, this.value(type, depth, end));
    }
    this.close(end);
    if (this.keepRaw && depth <= 2) result.raw = this.bytes.subarray(start, end);
    return result;
  }

  private array(depth: number): Value[] {
    const end = this.open(depth);
    const result: Value[] = [];
    for (;;) {
      const type = this.byte(end);
      if (type === 0) break;
      // Keys of an array are ignored by every reader: position alone counts.
      while (this.byte(end) !== 0);
      result.push(this.value(type, depth, end));
    }
    this.close(end);
    return result;
  }

  private open(depth: number): number {
    if (depth > MAX_NESTING_DEPTH) {
      throw new CommandError(
        'Overflow',
        `BSONObj exceeded maximum nested object depth: ${MAX_NESTING_DEPTH}`,
      );
    }
    if (this.at + 5 > this.bytes.length) throw invalid('document is cut short');
    const length = this.bytes.readInt32LE(this.at);
    const end = this.at + length;
    if (length < 5 || end > this.bytes.length) throw invalid('document has a wrong length');
    this.at += 4;
    return end;
  }

  private close(end: number): void {
    if (this.at !== end) throw invalid('document does not end where its length says');
  }

  private byte(end: number): number {
    if (this.at >= end) throw invalid('document has no end');
    return this.bytes[this.at++] ?? 0;
  }

  private need(count: number, end: number): number {
    const from = this.at;
    if (count < 0 || from + count > end) throw invalid('value is cut short');
    this.at += count;
    return from;
  }

  private cstring(end: number): string {
    const { bytes } = this;
    const from = this.at;
    let at = from;
    while (at < end && bytes[at] !== 0) at++;
    if (at >= end) throw invalid('name has no end');
    this.at = at + 1;
    return this.text(from, at);
  }

  private string(end: number): string {
    const length = this.bytes.readInt32LE(this.need(4, end));
    if (length < 1) throw invalid('string has a wrong length');
    const from = this.need(length, end);
    const to = from + length - 1;
    if (this.bytes[to] !== 0) throw invalid('string has no end');
    return this.text(from, to);
  }

  private text(from: number, to: number): string {
    const { bytes } = this;
    if (to - from <= 16) {
      let out = '';
      let at = from;
      for (; at < to; at++) {
        const byte = bytes[at] ?? 0;
        if (byte > 127) break;
        out += String.fromCharCode(byte);
      }
      if (at === to) return out;
    }
    const out = bytes.toString('utf8', from, to);
    // Decoding replaces what is not UTF-8; only then is the slower check worth its time.
    if (out.includes(REPLACEMENT) && !isUtf8(bytes.subarray(from, to))) {
      throw invalid('string is not UTF-8');
    }
    return out;
  }

  private date(end: number): Date {
    const time = Number(this.bytes.readBigInt64LE(this.need(8, end)));
    if (Math.abs(time) > 8.64e15) {
      throw new CommandError('BadValue', 'date is outside of the supported years');
    }
    return new Date(time);
  }

  private binary(end: number): Binary {
    const length = this.bytes.readInt32LE(this.need(4, end));
    const subtype = this.bytes[this.need(1, end)] ?? 0;
    const from = this.need(length, end);
    return new Binary(this.bytes.subarray(from, from + length), subtype);
  }

  private boolean(end: number): boolean {
    const byte = this.byte(end);
    if (byte > 1) throw invalid('boolean is neither 0 nor 1');
    return byte === 1;
  }

  private slice(length: number, end: number): Uint8Array {
    const from = this.need(length, end);
    return this.bytes.subarray(from, from + length);
  }

  private value(type: number, depth: number, end: number): Value {
    switch (type) {
      case 0x01:
        return new Double(this.bytes.readDoubleLE(this.need(8, end)));
      case 0x02:
        return this.string(end);
      case 0x03:
        return this.document(depth + 1);
      case 0x04:
        return this.array(depth + 1);
      case 0x05:
        return this.binary(end);
      case 0x07:
        return new ObjectId(this.slice(12, end));
      case 0x08:
        return this.boolean(end);
      case 0x09:
        return this.date(end);
      case 0x0a:
        return null;
      case 0x0b:
        return new Regex(this.cstring(end), this.cstring(end));
      case 0x0d:
        return new Code(this.string(end));
      case 0x10:
        return new Int32(this.bytes.readInt32LE(this.need(4, end)));
      case 0x11:
        return new Timestamp(this.bytes.readBigUInt64LE(this.need(8, end)));
      case 0x12:
        return this.bytes.readBigInt64LE(this.need(8, end));
      case 0x13:
        return new Decimal128(this.slice(16, end));
      case 0x7f:
        return new MaxKey();
      case 0xff:
        return new MinKey();
      case 0x06:
      case 0x0c:
      case 0x0e:
      case 0x0f:
        throw new CommandError(
          'BadValue',
          `BSON type 0x${type.toString(16)} is deprecated and not supported`,
        );
      default:
        throw invalid(`unknown type 0x${type.toString(16)}`);
    }
  }
}

/**
 * Decodes the document that starts at `start` (in bytes).
 * With `keepRaw`, it and the documents up to two levels below hold their bytes as well (the
 * documents of an insert command, stored as they came).
 * Byte values share memory with `bytes`.
 * @throws CommandError InvalidBSON, Overflow (nested too deeply) or BadValue (deprecated types)
 */
export function decodeDocument(bytes: Buffer, start = 0, keepRaw = false): Doc {
  return new Decoder(bytes, start, keepRaw).document(0);
}
