import type { FileHandle } from 'node:fs/promises';
import { ImportFileError } from './import-file-error.js';
import { assertNoUtf16 } from './text-encoding.js';
import { ZipArchive } from './zip-archive.js';

/** A JSON text that may hold conversations: the file itself, or a file in a ZIP. */
export interface SourceDocument {
  /** Its path in the ZIP; empty for the file itself. */
  readonly path: string;
  /** How messages name it: `"conversations.json"`, `The file`. */
  readonly label: string;
  /** Of the bytes that were uploaded, how many are its own. */
  readonly packedBytes: number;
  /**
   * Its bytes, from the beginning, as often as wanted.
   *
   * @param onRead told how many more of `packedBytes` are behind.
   */
  open(onRead?: (packedBytes: number) => void): AsyncIterable<Uint8Array>;
}

/** An uploaded file, as the documents in it. */
export interface ImportSource {
  readonly isArchive: boolean;
  readonly documents: readonly SourceDocument[];
  /**
   * @throws ImportFileError where reading these would cost more than any export does.
   */
  assertHarmless(documents: readonly SourceDocument[]): void;
}

const CHUNK_BYTES = 64 * 1024;
const SNIFFED_BYTES = 512;

/**
 * Looks at the first bytes of a file, whatever it is called, and opens it as a ZIP or as JSON.
 *
 * @throws ImportFileError for anything else.
 */
export async function openSource(file: FileHandle, size: number): Promise<ImportSource> {
  const head = Buffer.alloc(Math.min(SNIFFED_BYTES, size));
  await file.read(head, 0, head.length, 0);
  if (head.length === 0) throw new ImportFileError('The file is empty.');
  return isZip(head) ? archiveSource(file, size) : textSource(file, size, head);
}

async function archiveSource(file: FileHandle, size: number): Promise<ImportSource> {
  const archive = await ZipArchive.open(file.fd, isDocument);
  return {
    isArchive: true,
    documents: archive.entries.map(({ name, packedBytes, unpackedBytes }) => ({
      path: name,
      label: `"${name}"`,
      packedBytes,
      open: (onRead) =>
        counted(archive.read(name), packedBytes / Math.max(unpackedBytes, 1), onRead),
    })),
    assertHarmless(documents) {
      archive.assertHarmless(
        documents.map(({ path }) => path),
        size,
      );
    },
  };
}

/** JSON, and nothing of what archives of macOS add beside it. */
function isDocument(name: string): boolean {
  return /\.json$/i.test(name) && !/(?:^|\/)(?:__MACOSX\/|\._)/.test(name);
}

function textSource(file: FileHandle, size: number, head: Buffer): ImportSource {
  assertText(head);
  const only: SourceDocument = {
    path: '',
    label: 'The file',
    packedBytes: size,
    open: (onRead) => counted(pieces(file, size), 1, onRead),
  };
  return {
    isArchive: false,
    documents: [only],
    assertHarmless: () => undefined,
  };
}

async function* pieces(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size;) {
    // A new one each time: whoever reads keeps parts of it.
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, size - at));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  packedPerByte: number,
  onRead: (packedBytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    onRead(chunk.length * packedPerByte);
  }
}

/** PKWARE's APPNOTE, sections 4.3.7 and 4.3.16: a local header, or the end of an empty archive. */
function isZip(head: Buffer): boolean {
  return ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'].includes(head.toString('latin1', 0, 4));
}

/** Tells what a file is that is neither of what is read here. */
function assertText(head: Buffer): void {
  assertNoUtf16(head, 'The file');
  const start = head.toString('latin1');
  if (start.startsWith('\x1f\x8b')) {
    throw new ImportFileError('The file is packed with gzip. Unpack it and choose what is in it.');
  }
  if (/^(?:Rar!|7z\xbc\xaf)/.test(start)) {
    throw new ImportFileError(
      'The file is an archive, but no ZIP. Unpack it and choose the JSON file in it, or pack it as a ZIP.',
    );
  }
  if (/^(?:\xef\xbb\xbf)?\s*</.test(start)) {
    throw new ImportFileError(
      'The file is a web page (HTML or XML). Choose the ZIP that was exported, or the JSON file in it.',
    );
  }
  if (!/^(?:\xef\xbb\xbf)?\s*[[{]/.test(start) && !/^(?:\xef\xbb\xbf)?\s*$/.test(start)) {
    throw new ImportFileError(
      'The file is neither a ZIP nor JSON: it does not begin as either does. Choose an export of Chat Sessions, ChatGPT, Claude or LibreChat.',
    );
  }
}
