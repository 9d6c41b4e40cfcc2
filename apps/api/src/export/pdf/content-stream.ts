/** An operand as far as text needs it: arrays, dictionaries and names are lists of their tokens. */
export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: Buffer }
  /** A name (`/Span`), a keyword, or one of `[`, `]`, `<<`, `>>`. */
  | { readonly kind: 'word'; readonly value: string };

/** An operator with its operands. */
export interface Operation {
  readonly name: string;
  /** As they are written; `tokensOf` reads them. */
  readonly operands: string;
  /** Where it stands in the stream. */
  readonly start: number;
  readonly end: number;
}

/** A content stream is written in a way that is not known. */
export class ContentStreamError extends Error {}

/** Parentheses may stand in a string where they are balanced (7.3.4.2); so deep, not deeper. */
const LITERAL = Array.from({ length: 8 }).reduce<string>(
  (inner) => String.raw`\((?:[^()\\]|\\[^]${inner === '' ? '' : `|${inner}`})*\)`,
  '',
);
/** Every alternative ends where nothing of it can follow, so that no text is matched in two ways. */
const OPERATION = new RegExp(
  String.raw`((?:\s|[+-]?(?:\d+\.?\d*|\.\d+)(?![\d.])|${LITERAL}|<[\dA-Fa-f\s]*>|\/[^\s()<>[\]{}/%]*|<<|>>|[[\]]|(?:true|false|null)\b)*)([A-Za-z*'"]+\d?)`,
  'y',
);
const TOKEN = new RegExp(
  String.raw`([+-]?(?:\d+\.?\d*|\.\d+))|<([\dA-Fa-f\s]*)>|(${LITERAL})|(\/?[^\s()<>[\]{}/%]+|<<|>>|[[\]])`,
  'g',
);
const BACKSLASH = 0x5c;
const ESCAPE = /^(?:([0-7]{1,3})|[^])/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/**
 * The operations of a content stream (ISO 32000-1, 7.8.2) as Typst's exporter writes it: no comments
 * and no inline images.
 *
 * @throws a `ContentStreamError` where it is written in another way.
 */
export function* operationsOf(stream: Buffer): Generator<Operation> {
  const text = stream.toString('latin1');
  for (let start = 0; ;) {
    OPERATION.lastIndex = start;
    const found = OPERATION.exec(text);
    if (found === null) {
      if (text.slice(start).trim() === '') return;
      throw new ContentStreamError(`Not known at ${start}`);
    }
    const [, operands = '', name = ''] = found;
    const end = OPERATION.lastIndex;
    yield { name, operands, start, end };
    start = end;
  }
}

export function tokensOf({ operands }: Operation): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(operands); found !== null; found = TOKEN.exec(operands)) {
    const [, number, hexadecimal, literal, word = ''] = found;
    if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) });
    else if (hexadecimal !== undefined) tokens.push({ kind: 'string', value: unhex(hexadecimal) });
    else if (literal !== undefined) tokens.push({ kind: 'string', value: unescaped(literal) });
    else tokens.push({ kind: 'word', value: word });
  }
  return tokens;
}

/** Of an operator whose operands are numbers alone. */
export function numbersOf({ operands }: Operation): number[] {
  return operands.trim().split(/\s+/).map(Number);
}

function unhex(hexadecimal: string): Buffer {
  const digits = hexadecimal.replace(/\s/g, '');
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
}

function unescaped(literal: string): Buffer {
  const bytes = Buffer.allocUnsafe(literal.length - 2);
  let length = 0;
  for (let at = 1; at < literal.length - 1; at += 1) {
    let byte = literal.charCodeAt(at);
    if (byte === BACKSLASH) {
      const [escape = '', octal] = ESCAPE.exec(literal.slice(at + 1, at + 4)) ?? [];
      at += escape.length;
      if (escape === '\n') continue;
      byte = octal === undefined ? (ESCAPES[escape] ?? escape).charCodeAt(0) : parseInt(octal, 8);
    }
    bytes[length++] = byte & 0xff;
  }
  return bytes.subarray(0, length);
}
