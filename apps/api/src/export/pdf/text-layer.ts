import { PdfFile } from './pdf-file.js';
import { PdfFont } from './pdf-font.js';
import { withReadableText } from './readable-text.js';
import { textOfPage } from './shown-glyphs.js';

/**
 * @param pdf as Typst's exporter writes it.
 * @returns the same document, drawn as before, with text that readers find and copy as it was
 *   written, also in scripts where letters and glyphs are not one to one.
 */
export function withTextLayer(pdf: Buffer): Buffer {
  const file = new PdfFile(pdf);
  const known = new Map<number, PdfFont | undefined>();
  const fontOf = (id: number): PdfFont | undefined => {
    if (!known.has(id)) known.set(id, PdfFont.of(file, id));
    return known.get(id);
  };
  for (const id of file.ids()) {
    const page = file.head(id);
    const contents = Number(/\/Type \/Page\b[^]*\/Contents (\d+) 0 R/.exec(page)?.[1]);
    if (Number.isNaN(contents)) continue;
    const stream = file.data(contents);
    const fonts = fontsOf(page, fontOf);
    const isPlain = [...fonts.values()].every((font) => font.isPlain);
    if (isPlain && !stream.includes('/ActualText')) continue;
    const text = textOfPage(stream, fonts);
    const readable = text && withReadableText(stream, text);
    if (readable !== undefined) file.setData(contents, readable);
  }
  for (const font of known.values()) font?.save();
  return file.toBuffer();
}

/** By the names that a page gives to its fonts. */
function fontsOf(
  page: string,
  fontOf: (id: number) => PdfFont | undefined,
): ReadonlyMap<string, PdfFont> {
  const [, names = ''] = /\/Font <<([^>]*)>>/.exec(page) ?? [];
  const fonts = new Map<string, PdfFont>();
  for (const [, name = '', id] of names.matchAll(/(\/\S+) (\d+) 0 R/g)) {
    const font = fontOf(Number(id));
    if (font !== undefined) fonts.set(name, font);
  }
  return fonts;
}
