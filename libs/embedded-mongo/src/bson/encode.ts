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
  RawDocument,
  Regex,
  Timestamp,
  type Value,
} from './values.js';

/**
 * What may be encoded besides stored values: answers are written as literals, in which a whole
 * number becomes an Int32 where it fits, and members that are `undefined` are left out.
 */
export type Encodable =
  | Value
  | RawDocument
  | number
  | undefined
  | readonly Encodable[]
  | { readonly [key: string]: Encodable };

/**
 * Where every document is written first: growing a buffer of its own would copy a large one several
 * times. Nothing else is encoded before a document is finished.
 */
const workspace = Buffer.allocUnsafe(64 * 1024);
/** Up to so many characters are copied faster here than by a call into the runtime. */
const FEW_CHARACTERS = 24;

class Encoder {
  private buffer = workspace;
  private at = 0;

  finish(): Buffer {
    if (this.buffer !== workspace) return this.buffer.subarray(0, this.at);
    const document = Buffer.allocUnsafe(this.at);
    workspace.copy(document, 0, 0, this.at);
    return document;
  }

  document(fields: Iterable<readonly [string, Encodable]>): void {
    const start = this.at;
    this.reserve(4);
    this.at += 4;
    for (const [key, value] of fields) {
      if (value !== undefined) this.element(key, value);
    }
    this.end(start);
  }

  private array(items: readonly Encodable[]): void {
    const start = this.at;
    this.reserve(4);
    this.at += 4;
    let index = 0;
    for (const item of items) this.element(String(index++), item === undefined ? null : item);
    this.end(start);
  }

  private end(start: number): void {
    this.byte(0);
    this.buffer.writeInt32LE(this.at - start, start);
  }

  private reserve(count: number): void {
    const needed = this.at + count;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }

  private byte(value: number): void {
    this.reserve(1);
    this.buffer[this.at++] = value;
  }

  private bytes(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  private name(type: number, key: string): void {
    this.byte(type);
    this.cstring(key);
  }

  private cstring(text: string): void {
    this.reserve(text.length * 3 + 1);
    this.at += this.text(text, this.at);
    this.buffer[this.at++] = 0;
  }

  /** Writes a text as UTF-8 where there is room for it. @returns how many bytes it takes */
  private text(text: string, at: number): number {
    const { buffer } = this;
    const { length } = text;
    if (length > FEW_CHARACTERS) return buffer.write(text, at, 'utf8');
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return buffer.write(text, at, 'utf8');
      buffer[at + i] = code;
    }
    return length;
  }

  private int32(value: number): void {
    this.reserve(4);
    this.at = this.buffer.writeInt32LE(value, this.at);
  }

  private int64(value: bigint): void {
    this.reserve(8);
    this.at = this.buffer.writeBigInt64LE(value, this.at);
  }

  private string(text: string): void {
    this.reserve(text.length * 3 + 5);
    const written = this.text(text, this.at + 4);
    this.buffer.writeInt32LE(written + 1, this.at);
    this.at += written + 4;
    this.buffer[this.at++] = 0;
  }

  private double(value: number): void {
    this.reserve(8);
    this.at = this.buffer.writeDoubleLE(value, this.at);
  }

  private number(key: string, value: number): void {
    if (Number.isInteger(value) && Math.abs(value) <= 0x7fffffff && !Object.is(value, -0)) {
      this.name(0x10, key);
      this.int32(value);
    } else {
      this.name(0x01, key);
      this.double(value);
    }
  }

  private element(key: string, value: Exclude<Encodable, undefined>): void {
    if (typeof value === 'string') {
      this.name(0x02, key);
      this.string(value);
    } else if (typeof value === 'number') this.number(key, value);
    else if (typeof value === 'boolean') {
      this.name(0x08, key);
      this.byte(value ? 1 : 0);
    } else if (typeof value === 'bigint') {
      this.name(0x12, key);
      this.int64(value);
    } else if (value === null) this.name(0x0a, key);
    else this.object(key, value);
  }

  private object(key: string, value: Exclude<Encodable, undefined> & object): void {
    if (value instanceof Int32) {
      this.name(0x10, key);
      this.int32(value.value);
    } else if (value instanceof ObjectId) {
      this.name(0x07, key);
      this.bytes(value.bytes);
    } else if (value instanceof Date) {
      this.name(0x09, key);
      this.int64(BigInt(value.getTime()));
    } else if (value instanceof Double) {
      this.name(0x01, key);
      this.double(value.value);
    } else if (value instanceof Map) {
      this.name(0x03, key);
      this.document(value);
    } else if (value instanceof RawDocument) {
      this.name(0x03, key);
      this.bytes(value.bytes);
    } else if (Array.isArray(value)) {
      this.name(0x04, key);
      this.array(value);
    } else this.rare(key, value);
  }

  private rare(key: string, value: Exclude<Encodable, undefined> & object): void {
    if (value instanceof Binary) {
      this.name(0x05, key);
      this.int32(value.bytes.length);
      this.byte(value.subtype);
      this.bytes(value.bytes);
    } else if (value instanceof Timestamp) {
      this.name(0x11, key);
      this.reserve(8);
      this.at = this.buffer.writeBigUInt64LE(value.value, this.at);
    } else if (value instanceof Decimal128) {
      this.name(0x13, key);
      this.bytes(value.bytes);
    } else if (value instanceof Regex) {
      this.name(0x0b, key);
      this.cstring(value.pattern);
      this.cstring(value.options);
    } else if (value instanceof Code) {
      this.name(0x0d, key);
      this.string(value.source);
    } else if (value instanceof MinKey) {
      this.name(0xff, key);
    } else if (value instanceof MaxKey) {
      this.name(0x7f, key);
    } else {
      this.name(0x03, key);
      this.document(Object.entries(value as Record<string, Encodable>));
    }
  }
}

/** Encodes a document, or the literal of an answer, as BSON. */
export function encodeDocument(document: Doc | Readonly<Record<string, Encodable>>): Buffer {
  const encoder = new Encoder();
  encoder.document(document instanceof Map ? document : Object.entries(document));
  return encoder.finish();
}
