import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { fromFdPromise, type Entry, type ZipFile } from 'yauzl';
import { ImportFileError } from './import-file-error.js';

/** What an archive may cost before it is taken for an attack. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Bytes of everything that is read, unpacked. */
  readonly unpackedBytes: number;
  /**
   * Unpacked bytes for each packed one, of one file and of all. JSON of conversations packs to a
   * fifth or a tenth; the format itself ends at 1,032.
   */
  readonly ratio: number;
  /** Below this, a ratio means nothing. */
  readonly smallBytes: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 500_000,
  unpackedBytes: 32 * 1024 ** 3,
  ratio: 200,
  smallBytes: 8 * 1024 ** 2,
};

/** A file of the archive. */
export interface ArchiveEntry {
  readonly name: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
}

/**
 * A ZIP that is read where it lies: its list of contents first, then single files as streams. Nothing
 * is ever unpacked to disk.
 */
export class ZipArchive {
  private constructor(
    private readonly zip: ZipFile,
    private readonly byName: ReadonlyMap<string, Entry>,
    private readonly limits: ArchiveLimits,
  ) {}

  /**
   * @param fd stays open, and whoever opened it closes it.
   * @param wanted which files may be read later; others are only counted.
   * @throws ImportFileError where it is damaged, or not made by anyone who means well.
   */
  static async open(
    fd: number,
    wanted: (name: string) => boolean,
    limits: ArchiveLimits = ARCHIVE_LIMITS,
  ): Promise<ZipArchive> {
    const zip = await fromFdPromise(fd, { autoClose: false }).catch((cause: unknown) => {
      throw new ImportFileError(
        'The ZIP file is cut off or damaged: the list of its contents, which stands at its end, cannot be read. Download it again.',
        { cause },
      );
    });
    const byName = new Map<string, Entry>();
    let count = 0;
    try {
      for await (const entry of zip.eachEntry()) {
        count += 1;
        if (count > limits.entries) throw tooManyEntries(limits.entries);
        if (!wanted(entry.fileName)) continue;
        if (byName.has(entry.fileName)) throw twice(entry.fileName);
        assertReadable(entry);
        byName.set(entry.fileName, entry);
      }
    } catch (cause) {
      throw cause instanceof ImportFileError ? cause : badList(cause, count);
    }
    return new ZipArchive(zip, byName, limits);
  }

  get entries(): ArchiveEntry[] {
    return [...this.byName.values()].map((entry) => ({
      name: entry.fileName,
      packedBytes: entry.compressedSize,
      unpackedBytes: entry.uncompressedSize,
    }));
  }

  /**
   * Looks at what these files would cost, before any of them is read.
   *
   * @throws ImportFileError
   */
  assertHarmless(names: readonly string[], archiveBytes: number): void {
    let total = 0;
    for (const name of names) {
      const { compressedSize, uncompressedSize } = this.entry(name);
      if (isBomb(uncompressedSize, compressedSize, this.limits)) throw bomb(`"${name}"`);
      total += uncompressedSize;
    }
    // Several entries may point at the same packed bytes.
    if (total > this.limits.unpackedBytes || isBomb(total, archiveBytes, this.limits)) {
      throw bomb('its contents');
    }
  }

  /** The bytes of a file. At its end, they are compared with its checksum. */
  async *read(name: string): AsyncGenerator<Uint8Array> {
    const entry = this.entry(name);
    const stream = await this.openStream(entry);
    let sum = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        sum = crc32(chunk, sum);
        yield chunk;
      }
    } catch (cause) {
      throw cause instanceof ImportFileError ? cause : damaged(name, cause);
    }
    if (sum !== entry.crc32) throw damaged(name);
  }

  private entry(name: string): Entry {
    const entry = this.byName.get(name);
    if (entry === undefined)
      throw new Error(`Nobody asked for ${name} when the archive was opened`);
    return entry;
  }

  private async openStream(entry: Entry): Promise<Readable> {
    try {
      return await this.zip.openReadStreamPromise(entry);
    } catch (cause) {
      throw damaged(entry.fileName, cause);
    }
  }
}

function assertReadable(entry: Entry): void {
  if (entry.isEncrypted()) {
    throw new ImportFileError(
      `"${entry.fileName}" in the ZIP file is protected by a password. Unpack it and pack it again without one.`,
    );
  }
  if (!entry.canDecodeFileData()) {
    throw new ImportFileError(
      `"${entry.fileName}" in the ZIP file is packed in a way that is not read here (method ${entry.compressionMethod}). Unpack it and pack it again as an ordinary ZIP.`,
    );
  }
}

function isBomb(unpacked: number, packed: number, limits: ArchiveLimits): boolean {
  return unpacked > limits.smallBytes && unpacked > packed * limits.ratio;
}

function bomb(what: string): ImportFileError {
  return new ImportFileError(
    `The ZIP file is refused: ${what} would unpack to far more than any export of conversations does.`,
  );
}

function tooManyEntries(limit: number): ImportFileError {
  return new ImportFileError(
    `The ZIP file is refused: it holds more than ${limit.toLocaleString('en')} files.`,
  );
}

function twice(name: string): ImportFileError {
  return new ImportFileError(
    `The ZIP file holds "${name}" twice, and nobody can tell which one is meant.`,
  );
}

function damaged(name: string, cause?: unknown): ImportFileError {
  return new ImportFileError(
    `"${name}" in the ZIP file is damaged or cut off: what it unpacks to is not what was packed. Download or export it again.`,
    { cause },
  );
}

/** What the reader says of a name or of a record in the list, in words for a person. */
function badList(cause: unknown, index: number): ImportFileError {
  const text = cause instanceof Error ? cause.message : '';
  const name =
    /^(?:absolute path|invalid relative path|invalid characters in fileName): (.*)$/s.exec(
      text,
    )?.[1];
  if (name !== undefined) {
    return new ImportFileError(
      `The ZIP file is refused: the name "${name.slice(0, 200)}" in it leads outside of it.`,
      { cause },
    );
  }
  if (text.includes('encryption')) {
    return new ImportFileError(
      'The ZIP file is protected by a password. Unpack it and pack it again without one.',
      { cause },
    );
  }
  return new ImportFileError(
    `The ZIP file is damaged: entry ${index + 1} of the list of its contents cannot be read. Download it again.`,
    { cause },
  );
}
