import { readFileSync } from 'node:fs';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { PrintedDocument } from './blocks.js';
import { fontFiles } from './fonts.js';
import { TEMPLATE } from './template.js';
import { withTextLayer } from './text-layer.js';

/** A folder that does not exist: the compiler sees the two files that it is given, and no others. */
const WORKSPACE = '/nowhere';
const PROGRAM = `${WORKSPACE}/conversation.typ`;
const DATA = `${WORKSPACE}/conversation.json`;

/** Typesets documents, one at a time, and blocks its thread meanwhile. */
export class PdfCompiler {
  private readonly compiler: NodeCompiler;

  constructor() {
    const fontBlobs = fontFiles().map((file) => readFileSync(file));
    this.compiler = NodeCompiler.create({ workspace: WORKSPACE, fontArgs: [{ fontBlobs }] });
    this.compiler.addSource(PROGRAM, TEMPLATE);
  }

  /**
   * @returns a tagged PDF, with the text that was written to copy; the same document gives the same
   *   bytes.
   * @throws where the template does not understand the document.
   */
  compile(document: PrintedDocument): Buffer {
    this.compiler.mapShadow(DATA, Buffer.from(JSON.stringify(document)));
    try {
      const compiled = this.compiler.compile({ mainFilePath: PROGRAM });
      const { result } = compiled;
      if (result === null) {
        const problems = compiled.takeError()?.shortDiagnostics ?? [];
        throw new Error(`Typesetting failed: ${JSON.stringify(problems).slice(0, 2_000)}`);
      }
      return readable(this.compiler.pdf(result, { pdfTags: true }));
    } finally {
      this.compiler.unmapShadow(DATA);
      this.compiler.evictCache(0);
    }
  }
}

/** A document whose text is harder to copy is worth more than none. */
function readable(pdf: Buffer): Buffer {
  try {
    return withTextLayer(pdf);
  } catch {
    return pdf;
  }
}
