import { RIGHT_TO_LEFT } from './letters.js';
import type { PdfFile } from './pdf-file.js';

/** What a code of a font shows and says. */
interface Code {
  readonly glyph: number;
  /** In thousandths of the font's size. */
  readonly width: number;
  /** What readers copy for it. */
  readonly text: string;
}

/** As many as a CMap may have in one block. */
const BLOCK = 100;

/**
 * A TrueType font of a PDF as Typst's exporter embeds it: two bytes a code, which are the number of
 * the glyph. Further codes may be given to its glyphs, with a width and a text of their own; the
 * ones that there are stay as they are.
 */
export class PdfFont {
  private readonly widths: ReadonlyMap<number, number>;
  private readonly texts: ReadonlyMap<number, string>;
  private readonly added = new Map<string, number>();
  private readonly codes: Code[] = [];

  /** @returns undefined for a font of another kind. */
  static of(file: PdfFile, id: number): PdfFont | undefined {
    const head = file.head(id);
    const descendant = reference(head, 'DescendantFonts');
    const toUnicode = reference(head, 'ToUnicode');
    if (descendant === undefined || toUnicode === undefined) return undefined;
    if (!head.includes('/Encoding /Identity-H')) return undefined;
    const dictionary = file.head(descendant);
    const descriptor = reference(dictionary, 'FontDescriptor');
    if (!dictionary.includes('/CIDToGIDMap /Identity') || descriptor === undefined)
      return undefined;
    const program = reference(file.head(descriptor), 'FontFile2');
    if (program === undefined) return undefined;
    return new PdfFont(file, descendant, toUnicode, glyphsIn(file.data(program)));
  }

  private constructor(
    private readonly file: PdfFile,
    private readonly descendant: number,
    private readonly toUnicode: number,
    /** The first code that is no glyph's own. */
    private readonly first: number,
  ) {
    this.widths = widthsIn(file.head(descendant));
    this.texts = textsIn(file.data(toUnicode).toString('latin1'));
  }

  width(glyph: number): number {
    return this.widths.get(glyph) ?? 0;
  }

  text(glyph: number): string {
    return this.texts.get(glyph) ?? '';
  }

  /** Whether the glyph's own code says the text. Readers skip the sign for what the font lacks. */
  says(glyph: number, text: string): boolean {
    return glyph !== 0 && this.texts.get(glyph) === text;
  }

  /** Whether it says something, and that is read from the left to the right, glyph by glyph. */
  get isPlain(): boolean {
    if (this.texts.size === 0) return false;
    for (const [glyph, text] of this.texts) {
      if (this.width(glyph) === 0 || RIGHT_TO_LEFT.test(text)) return false;
    }
    return true;
  }

  /** A code that shows the glyph, says the text, and takes so much room on the line. */
  codeFor(wanted: Code): number {
    const { glyph, text } = wanted;
    const width = Math.round(wanted.width * 1_000) / 1_000;
    if (this.says(glyph, text) && this.width(glyph) === width) return glyph;
    const key = `${glyph} ${width} ${text}`;
    const known = this.added.get(key);
    if (known !== undefined) return known;
    const number = this.first + this.codes.length;
    this.codes.push({ glyph, width, text });
    this.added.set(key, number);
    return number;
  }

  /** Writes the codes that were added into the file. */
  save(): void {
    if (this.codes.length === 0) return;
    const map = this.file.addData(this.glyphsByCode());
    const head = this.file.head(this.descendant);
    const widths = this.codes.map(({ width }, i) => `${this.first + i} [${width}]`).join(' ');
    this.file.set(
      this.descendant,
      head
        .replace('/CIDToGIDMap /Identity', `/CIDToGIDMap ${map} 0 R`)
        .replace(/\/W \[([^]*)\]/, (_, old: string) => `/W [${old} ${widths}]`),
    );
    const cmap = this.file.data(this.toUnicode).toString('latin1');
    this.file.setData(this.toUnicode, Buffer.from(this.withTexts(cmap), 'latin1'));
  }

  private glyphsByCode(): Buffer {
    const map = Buffer.alloc((this.first + this.codes.length) * 2);
    for (let glyph = 0; glyph < this.first; glyph += 1) map.writeUInt16BE(glyph, glyph * 2);
    this.codes.forEach(({ glyph }, i) => map.writeUInt16BE(glyph, (this.first + i) * 2));
    return map;
  }

  private withTexts(cmap: string): string {
    const lines = this.codes.map(
      ({ text }, i) => `<${hexOfCode(this.first + i)}> <${hexOfText(text)}>`,
    );
    let blocks = '';
    for (let at = 0; at < lines.length; at += BLOCK) {
      const some = lines.slice(at, at + BLOCK);
      blocks += `${some.length} beginbfchar\n${some.join('\n')}\nendbfchar\n`;
    }
    return cmap.replace('endcmap', `${blocks}endcmap`);
  }
}

function reference(head: string, key: string): number | undefined {
  const [, id] = new RegExp(`/${key} \\[?(\\d+) 0 R`).exec(head) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** How many glyphs a TrueType font has: the third number of its table `maxp`. */
function glyphsIn(program: Buffer): number {
  const tables = program.readUInt16BE(4);
  for (let i = 0; i < tables; i += 1) {
    const entry = 12 + i * 16;
    if (program.toString('latin1', entry, entry + 4) !== 'maxp') continue;
    return program.readUInt16BE(program.readUInt32BE(entry + 8) + 4);
  }
  throw new Error('A font of the PDF does not say how many glyphs it has');
}

/** Two bytes. */
export const hexOfCode = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0');

/** UTF-16, the highest byte first. */
export function hexOfText(text: string): string {
  return Array.from({ length: text.length }, (_, i) => hexOfCode(text.charCodeAt(i))).join('');
}

/** `/W` in the only form that the exporter writes: `first last width` (9.7.4.3). */
function widthsIn(head: string): Map<number, number> {
  const [, list = ''] = /\/W \[([^[\]]*)\]/.exec(head) ?? [];
  const numbers = list.trim().split(/\s+/).map(Number);
  const widths = new Map<number, number>();
  for (let i = 0; i + 2 < numbers.length; i += 3) {
    const [from = 0, to = 0, width = 0] = numbers.slice(i, i + 3);
    for (let glyph = from; glyph <= to; glyph += 1) widths.set(glyph, width);
  }
  return widths;
}

function textsIn(cmap: string): Map<number, string> {
  const texts = new Map<number, string>();
  for (const [, block = ''] of cmap.matchAll(/beginbfchar([^]*?)endbfchar/g)) {
    for (const [, code = '', units = ''] of block.matchAll(/<([0-9A-F]{4})> <([0-9A-F]*)>/gi)) {
      texts.set(parseInt(code, 16), utf16(units));
    }
  }
  return texts;
}

function utf16(units: string): string {
  return (units.match(/.{4}/g) ?? [])
    .map((unit) => String.fromCharCode(parseInt(unit, 16)))
    .join('');
}
