import {
  ContentStreamError,
  numbersOf,
  operationsOf,
  tokensOf,
  type Operation,
  type Token,
} from './content-stream.js';
import { IDENTITY, moved, times, type Matrix } from './matrix.js';
import type { PdfFont } from './pdf-font.js';

/** One glyph on a page, in the order in which they are drawn. */
export interface ShownGlyph {
  /** Undefined where it is none whose codes can be chosen. */
  readonly font: PdfFont | undefined;
  readonly glyph: number;
  /** Of the cluster that it belongs to, in the order in which it was written. */
  readonly text: string;
  /** The span of glyphs that have their text together; they are one cluster. */
  readonly span: Span | undefined;
  /** How far it moves the pen, in thousandths of its size. */
  readonly width: number;
  readonly size: number;
  /** From a text of one point at the pen to the page, in points from its lower left corner. */
  readonly place: Matrix;
  /** What is in force on the page outside of texts. */
  readonly page: Matrix;
}

/** Marked content with an `ActualText` (ISO 32000-1, 14.9.4). */
export interface Span {
  readonly text: string;
  /** Whether all its glyphs are of fonts whose codes can be chosen. */
  isOpen: boolean;
}

/** An operation that shows text, and what it shows: glyphs, and numbers that move the pen. */
export interface Showing {
  readonly operation: Operation;
  readonly items: readonly (ShownGlyph | number)[];
  /** The text rendering mode (9.3.6). */
  readonly mode: number;
}

export interface PageText {
  readonly showings: readonly Showing[];
  /** Operations that begin and end a span. */
  readonly spans: ReadonlyMap<Operation, Span>;
}

/** They set or move text in ways that the exporter does not use. */
const UNKNOWN = new Set(['Td', 'TD', 'T*', "'", '"', 'Tc', 'Tw', 'Tz', 'TL', 'Ts', 'BI']);

/** @returns undefined for a page with text set in ways that are not understood. */
export function textOfPage(
  stream: Buffer,
  fonts: ReadonlyMap<string, PdfFont>,
): PageText | undefined {
  const reader = new PageReader(fonts);
  try {
    for (const operation of operationsOf(stream)) {
      if (UNKNOWN.has(operation.name)) return undefined;
      reader.take(operation);
    }
  } catch (error) {
    if (error instanceof ContentStreamError) return undefined;
    throw error;
  }
  return reader;
}

/** The part of a PDF interpreter that knows where text stands. */
class PageReader implements PageText {
  readonly showings: Showing[] = [];
  readonly spans = new Map<Operation, Span>();
  private readonly saved: Matrix[] = [];
  private readonly marked: (Span | undefined)[] = [];
  private page = IDENTITY;
  private line = IDENTITY;
  private font: PdfFont | undefined;
  private size = 0;
  private mode = 0;

  constructor(private readonly fonts: ReadonlyMap<string, PdfFont>) {}

  take(operation: Operation): void {
    switch (operation.name) {
      case 'q':
        this.saved.push(this.page);
        break;
      case 'Q':
        this.page = this.saved.pop() ?? IDENTITY;
        break;
      case 'cm':
        this.page = times(matrixOf(operation), this.page);
        break;
      case 'BT':
        this.line = IDENTITY;
        break;
      case 'Tm':
        this.line = matrixOf(operation);
        break;
      case 'Tr':
        this.mode = numbersOf(operation)[0] ?? 0;
        break;
      case 'Tf':
        this.choose(operation);
        break;
      case 'Tj':
      case 'TJ':
        this.showings.push({
          operation,
          items: this.itemsOf(tokensOf(operation)),
          mode: this.mode,
        });
        break;
      default:
        this.mark(operation);
    }
  }

  private choose({ operands }: Operation): void {
    const [name = '', size] = operands.trim().split(/\s+/);
    this.font = this.fonts.get(name);
    this.size = Number(size);
  }

  private mark(operation: Operation): void {
    const { name, operands } = operation;
    if (name === 'BMC' || name === 'BDC') {
      const isText = operands.includes('/ActualText');
      const text = isText ? actualTextOf(tokensOf(operation)) : undefined;
      const span = text === undefined ? undefined : { text, isOpen: true };
      if (span !== undefined) this.spans.set(operation, span);
      this.marked.push(span);
    } else if (name === 'EMC') {
      const span = this.marked.pop();
      if (span !== undefined) this.spans.set(operation, span);
    }
  }

  private itemsOf(operands: readonly Token[]): (ShownGlyph | number)[] {
    const items: (ShownGlyph | number)[] = [];
    const start = times(this.line, this.page);
    let pen = 0;
    for (const token of operands) {
      if (token.kind === 'number') {
        items.push(token.value);
        pen -= token.value;
      }
      if (token.kind !== 'string') continue;
      for (let at = 0; at + 1 < token.value.length; at += 2) {
        const place = moved((pen / 1_000) * this.size, start);
        const glyph = this.glyph(token.value.readUInt16BE(at), place);
        items.push(glyph);
        pen += glyph.width;
      }
    }
    this.line = moved((pen / 1_000) * this.size, this.line);
    return items;
  }

  private glyph(glyph: number, place: Matrix): ShownGlyph {
    const { font, size } = this;
    const span = this.marked.findLast((one) => one !== undefined);
    if (font === undefined && span !== undefined) span.isOpen = false;
    return {
      font,
      glyph,
      text: span?.text ?? font?.text(glyph) ?? '',
      span,
      width: font?.width(glyph) ?? 0,
      size,
      place,
      page: this.page,
    };
  }
}

function matrixOf(operation: Operation): Matrix {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = numbersOf(operation);
  return [a, b, c, d, e, f];
}

function actualTextOf(operands: readonly Token[]): string | undefined {
  const key = operands.findIndex(({ kind, value }) => kind === 'word' && value === '/ActualText');
  const token = key === -1 ? undefined : operands[key + 1];
  if (token?.kind !== 'string') return undefined;
  const { value } = token;
  if (value[0] !== 0xfe || value[1] !== 0xff) return value.toString('latin1');
  return Buffer.from(value.subarray(2)).swap16().toString('utf16le');
}
