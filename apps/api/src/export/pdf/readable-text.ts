import type { Operation } from './content-stream.js';
import { clustersOf, isFormless, type Cluster } from './clusters.js';
import { inverse, moved, times, type Matrix } from './matrix.js';
import { hexOfCode, hexOfText, type PdfFont } from './pdf-font.js';
import { saidOnPage } from './reading-order.js';
import type { PageText, ShownGlyph, Showing } from './shown-glyphs.js';

/** What a glyph that says its cluster's text is written as. */
interface Carrier {
  readonly font: PdfFont;
  /** The letters from the left to the right; all in one where they are read so. */
  readonly said: readonly string[];
  /** The glyphs that say nothing. */
  readonly others: readonly ShownGlyph[];
  /** Of all glyphs of the cluster, in thousandths. */
  readonly total: number;
}

/** The glyphs that are written in another way; null for those that are written with their carrier. */
type Changes = Map<ShownGlyph, Carrier | null>;

/** Not copied by readers, also where they do not know `ActualText`: a character without a form. */
const SILENT = '\u200b';
const VISIBLE_SHARE = 0.9;
const INVISIBLE = 3;

/**
 * A page where every glyph says one thing alone. Of a cluster the first glyph that has a width
 * says the text and the others, as marks, say nothing. Readers take what runs from right to left
 * from the left to the right and turn it around, letter by letter or glyph by glyph: so where
 * several letters are one glyph, each has a place of its own under it, the last one leftmost.
 *
 * @returns undefined where nothing has to be changed.
 */
export function withReadableText(stream: Buffer, text: PageText): Buffer | undefined {
  const glyphs = text.showings.flatMap(({ items }) =>
    items.filter((item) => typeof item !== 'number'),
  );
  const changes: Changes = new Map();
  const clusters = clustersOf(glyphs);
  for (const [cluster, said] of saidOnPage(clusters)) change(cluster, said, changes);
  if (changes.size === 0) return undefined;
  const replaced = new Map<Operation, string>();
  for (const [operation, span] of text.spans) if (span.isOpen) replaced.set(operation, '');
  for (const showing of text.showings) {
    if (showing.items.some((item) => typeof item !== 'number' && changes.has(item))) {
      replaced.set(showing.operation, new Writer(showing, changes).text());
    }
  }
  return applied(stream, replaced);
}

function change({ glyphs }: Cluster, said: readonly string[], changes: Changes): void {
  const carrier = glyphs.find(({ width }) => width > 0) ?? glyphs[0];
  if (carrier?.font === undefined) return;
  const { font, glyph, span } = carrier;
  const unsaid = glyphs.filter((one) => one !== carrier);
  const others = unsaid.filter((one) => !isFormless(one));
  if (glyph === 0 && carrier.text === '') {
    // The one that the template puts there for nothing else to be lost.
    for (const one of glyphs) changes.set(one, null);
    return;
  }
  const [first = '', ...more] = said;
  const isSaid = more.length === 0 && font.says(glyph, first);
  if (isSaid && unsaid.length === 0 && span === undefined) return;
  const total = glyphs.reduce((sum, { width }) => sum + width, 0);
  for (const one of unsaid) changes.set(one, null);
  changes.set(carrier, { font, said, others, total });
}

/** Writes an operation that shows text anew. */
class Writer {
  private readonly parts: string[] = [];
  private run = '';

  constructor(
    private readonly showing: Showing,
    private readonly changes: Changes,
  ) {}

  text(): string {
    for (const item of this.showing.items) {
      if (typeof item === 'number') this.move(item);
      else this.glyph(item);
    }
    this.flush();
    return this.parts.join('\n');
  }

  private glyph(glyph: ShownGlyph): void {
    const change = this.changes.get(glyph);
    if (change === undefined) this.run += `<${hexOfCode(glyph.glyph)}>`;
    else if (change === null) this.move(-glyph.width);
    else this.carrier(glyph, change);
  }

  private carrier(glyph: ShownGlyph, carrier: Carrier): void {
    const { font, total, others } = carrier;
    const [first = '', ...rest] = carrier.said;
    const width = firstWidth(glyph, carrier);
    const code = font.codeFor({ glyph: glyph.glyph, width, text: first });
    if (others.length === 0) this.run += `<${hexOfCode(code)}>`;
    else this.together(glyph, carrier, code, width);
    const each = (total - width) / rest.length;
    const hidden = rest.map((text) => font.codeFor({ glyph: glyph.glyph, width: each, text }));
    if (hidden.length > 0) this.hidden(hidden);
    this.move(total - glyph.width);
  }

  /** What belongs together, said as one, also for readers that go by where glyphs stand. */
  private together(glyph: ShownGlyph, carrier: Carrier, code: number, width: number): void {
    const { font, said, others } = carrier;
    const silent = (of: number, wide: number): number =>
      font.codeFor({ glyph: of, width: wide, text: SILENT });
    const level = others.filter((other) => isLevel(other, glyph));
    this.flush();
    this.parts.push(`/Span <</ActualText <FEFF${hexOfText(said[0] ?? '')}>>> BDC`);
    this.run = `<${hexOfCode(code)}>`;
    let pen = width;
    for (const other of level) {
      const offset = offsetOf(other, glyph);
      this.move(pen - offset);
      this.run += `<${hexOfCode(silent(other.glyph, 0))}>`;
      pen = offset;
    }
    this.flush();
    for (const other of others) {
      if (level.includes(other)) continue;
      this.at(times(other.place, inverse(glyph.page)));
      this.run = `<${hexOfCode(silent(other.glyph, 0))}>`;
      this.flush();
    }
    // They measure the whole from its first glyph to the end of its last one.
    const begin = times(glyph.place, inverse(glyph.page));
    const share = (width / 1_000) * glyph.size;
    this.at(moved(share / 2, begin));
    this.hidden([silent(glyph.glyph, width / 2)]);
    this.parts.push('EMC');
    this.at(moved(share, begin));
  }

  private hidden(codes: readonly number[]): void {
    this.flush();
    const shown = `<${codes.map(hexOfCode).join('')}>`;
    this.parts.push(`${INVISIBLE} Tr ${shown} Tj ${this.showing.mode} Tr`);
  }

  private at(matrix: Matrix): void {
    this.parts.push(`${matrix.map(short).join(' ')} Tm`);
  }

  /** @param by thousandths to the left. */
  private move(by: number): void {
    if (by !== 0) this.run += ` ${short(by)} `;
  }

  private flush(): void {
    if (this.run !== '') this.parts.push(`[${this.run}] TJ`);
    this.run = '';
  }
}

/** Letters share the room equally, but what is drawn with the first one begins within its share. */
function firstWidth(glyph: ShownGlyph, { said, others, total }: Carrier): number {
  if (said.length === 1) return total;
  const last = Math.max(0, ...others.map((other) => offsetOf(other, glyph) + total / 20));
  return Math.max(total / said.length, Math.min(last, total * VISIBLE_SHARE));
}

/** How far one begins to the right of another, in thousandths. */
function offsetOf(one: ShownGlyph, other: ShownGlyph): number {
  const [, , , , x] = times(one.place, inverse(other.place));
  return (x / other.size) * 1_000;
}

function isLevel(one: ShownGlyph, other: ShownGlyph): boolean {
  return Math.abs(one.place[5] - other.place[5]) < 0.001;
}

const short = (number: number): string => String(Math.round(number * 10_000) / 10_000);

function applied(stream: Buffer, replaced: ReadonlyMap<Operation, string>): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const [{ start, end }, text] of [...replaced].sort(([a], [b]) => a.start - b.start)) {
    parts.push(stream.subarray(at, start), Buffer.from(`\n${text}`, 'latin1'));
    at = end;
  }
  return Buffer.concat([...parts, stream.subarray(at)]);
}
