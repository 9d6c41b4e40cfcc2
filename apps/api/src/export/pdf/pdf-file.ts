import { deflateSync, inflateSync } from 'node:zlib';

interface StoredObject {
  /** What stands before the stream, or all there is. */
  readonly head: string;
  /** As it is stored, mostly compressed. */
  readonly data?: Buffer;
}

/**
 * The objects of a PDF as Typst's exporter writes it (ISO 32000-1, 7.5): one plain cross-reference
 * table, every object on its own and of generation 0, lengths of streams as numbers.
 */
export class PdfFile {
  private readonly objects = new Map<number, StoredObject>();
  private readonly header: Buffer;
  private readonly trailer: string;

  /** @throws where the file is built in another way. */
  constructor(bytes: Buffer) {
    const tail = bytes.toString('latin1', Math.max(0, bytes.length - 2_048));
    const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(tail)?.[1]);
    const [, table = '', trailer] =
      /^xref\n0 \d+\n((?:\d{10} \d{5} [fn][ \r]\n)+)(trailer[^]*?)startxref/.exec(
        bytes.toString('latin1', start),
      ) ?? [];
    if (trailer === undefined) throw new Error('The PDF has no plain cross-reference table');
    this.trailer = trailer;
    const used = [...table.matchAll(/(\d{10}) \d{5} ([fn])/g)]
      .map(([, offset, kind], id) => ({ id, offset: Number(offset), kind }))
      .filter(({ kind }) => kind === 'n')
      .sort((a, b) => a.offset - b.offset);
    this.header = bytes.subarray(0, used[0]?.offset ?? start);
    used.forEach(({ id, offset }, i) => {
      this.objects.set(id, stored(bytes.subarray(offset, used[i + 1]?.offset ?? start)));
    });
  }

  *ids(): Iterable<number> {
    yield* this.objects.keys();
  }

  /** The object as text, or, of a stream, its dictionary. */
  head(id: number): string {
    return this.object(id).head;
  }

  /** Of a stream what it holds, uncompressed. */
  data(id: number): Buffer {
    const { head, data } = this.object(id);
    if (data === undefined) throw new Error(`Object ${id} of the PDF is no stream`);
    return head.includes('/FlateDecode') ? inflateSync(data) : data;
  }

  set(id: number, head: string): void {
    this.objects.set(id, { ...this.object(id), head });
  }

  /** Replaces what a stream holds. */
  setData(id: number, contents: Buffer): void {
    this.objects.set(id, compressed(this.object(id).head, contents));
  }

  /** @returns the id of a new stream. */
  addData(contents: Buffer): number {
    const id = this.size;
    this.objects.set(id, compressed('<<\n>>', contents));
    return id;
  }

  toBuffer(): Buffer {
    const parts: Buffer[] = [this.header];
    const entries = new Map<number, string>();
    let at = this.header.length;
    for (const [id, { head, data }] of this.objects) {
      entries.set(id, `${String(at).padStart(10, '0')} 00000 n \n`);
      const begin = Buffer.from(
        `${id} 0 obj\n${head}${data === undefined ? '' : '\nstream\n'}`,
        'latin1',
      );
      const end = Buffer.from(`${data === undefined ? '' : '\nendstream'}\nendobj\n\n`, 'latin1');
      parts.push(begin, data ?? Buffer.alloc(0), end);
      at += begin.length + (data?.length ?? 0) + end.length;
    }
    const { size } = this;
    const table = Array.from(
      { length: size },
      (_, id) => entries.get(id) ?? '0000000000 65535 f \n',
    );
    const trailer = this.trailer.replace(/\/Size \d+/, `/Size ${size}`);
    const end = `xref\n0 ${size}\n${table.join('')}${trailer}startxref\n${at}\n%%EOF`;
    return Buffer.concat([...parts, Buffer.from(end, 'latin1')]);
  }

  /** One more than the highest number of an object (7.5.5). A tagged document has tens of thousands. */
  private get size(): number {
    let highest = 0;
    for (const id of this.objects.keys()) highest = Math.max(highest, id);
    return highest + 1;
  }

  private object(id: number): StoredObject {
    const found = this.objects.get(id);
    if (found === undefined) throw new Error(`The PDF has no object ${id}`);
    return found;
  }
}

function stored(bytes: Buffer): StoredObject {
  const begin = bytes.indexOf(' 0 obj\n') + ' 0 obj\n'.length;
  const mark = bytes.indexOf('\nstream\n');
  const end = bytes.lastIndexOf('\nendobj');
  if (mark === -1 || mark > end) return { head: bytes.toString('latin1', begin, end) };
  const head = bytes.toString('latin1', begin, mark);
  const length = Number(/\/Length (\d+)/.exec(head)?.[1]);
  const from = mark + '\nstream\n'.length;
  if (!Number.isInteger(length)) throw new Error('A stream of the PDF has no length of its own');
  return { head, data: bytes.subarray(from, from + length) };
}

function compressed(head: string, contents: Buffer): StoredObject {
  const data = deflateSync(contents);
  const others = head.replace(/\s*\/(?:Length \d+|Filter \/FlateDecode)/g, '');
  const own = `\n  /Length ${data.length}\n  /Filter /FlateDecode`;
  return { head: others.replace('<<', `<<${own}`), data };
}
