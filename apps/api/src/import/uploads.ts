import { randomUUID } from 'node:crypto';
import { open, readdir, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolder } from '@chat/embedded-mongo';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { invalidField, ProblemException } from '../common/problem/problem.exception.js';
import { AppConfig } from '../config/app-config.js';

/** A file that was received. */
export interface Upload {
  readonly file: FileHandle;
  readonly bytes: number;
  /** Closes and deletes it; may be called more than once. */
  remove(): Promise<void>;
}

const FOLDER = 'imports';
const PART = 'file';
/** What a multipart body has around its file, generously. */
const ENVELOPE_BYTES = 64 * 1024;
const NO_FILE = `Send the file as multipart/form-data, in a part called "${PART}".`;

/**
 * Keeps files that are imported in `DATA_DIR/imports` while they are read. Their names are made
 * here, and only this user of the system may read them: they hold whole conversations.
 */
@Injectable()
export class Uploads implements OnModuleInit {
  private readonly dir: string;
  private readonly maxBytes: number;

  constructor(config: AppConfig) {
    this.dir = join(config.dataDir, FOLDER);
    this.maxBytes = config.importMaxBytes;
  }

  /** Deletes what a process that was killed has left; one that still reads holds its file open. */
  async onModuleInit(): Promise<void> {
    const names = await readdir(this.dir).catch(() => []);
    await Promise.all(names.map((name) => rm(join(this.dir, name), { force: true })));
  }

  /**
   * Receives the file of a multipart request.
   *
   * @throws a 413 where it is too large, a 415 where the request is no multipart one, a 400 where
   *   it holds no file or something else beside it.
   */
  async receive(request: FastifyRequest): Promise<Upload> {
    if (!request.isMultipart()) {
      throw new ProblemException('unsupported-media-type', { detail: NO_FILE });
    }
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > this.maxBytes + ENVELOPE_BYTES) throw this.tooLarge();
    let upload: Upload | undefined;
    try {
      for await (const part of this.partsOf(request)) {
        if (upload !== undefined || !isFile(part) || part.fieldname !== PART) {
          throw invalidField(`/${part.fieldname.slice(0, 100)}`, NO_FILE);
        }
        upload = await this.store(part);
      }
    } catch (error) {
      await upload?.remove();
      throw toProblem(error);
    }
    if (upload === undefined) throw invalidField(`/${PART}`, NO_FILE);
    if (upload.bytes > 0) return upload;
    await upload.remove();
    throw invalidField(`/${PART}`, 'The file is empty.');
  }

  private partsOf(request: FastifyRequest): AsyncIterable<Multipart> {
    return request.parts({
      limits: { fileSize: this.maxBytes, files: 2, fields: 2, parts: 3, fieldSize: 1_024 },
    });
  }

  private async store(part: MultipartFile): Promise<Upload> {
    createFolder(this.dir);
    const path = join(this.dir, randomUUID());
    const file = await open(path, 'wx+', 0o600);
    const upload = new StoredUpload(file, path);
    try {
      // Not through `createWriteStream`, which keeps a handle from being closed.
      await writeFile(file, part.file);
      if (part.file.truncated) throw this.tooLarge();
      upload.bytes = (await file.stat()).size;
      return upload;
    } catch (error) {
      await upload.remove();
      throw error;
    }
  }

  private tooLarge(): ProblemException {
    const most = this.maxBytes.toLocaleString('en');
    return new ProblemException('payload-too-large', {
      detail: `The file is larger than ${most} bytes, the most that this server takes.`,
    });
  }
}

class StoredUpload implements Upload {
  bytes = 0;
  private removed: Promise<void> | undefined;

  constructor(
    readonly file: FileHandle,
    private readonly path: string,
  ) {}

  remove(): Promise<void> {
    this.removed ??= this.close();
    return this.removed;
  }

  private async close(): Promise<void> {
    await rm(this.path, { force: true });
    await this.file.close();
  }
}

function isFile(part: Multipart): part is MultipartFile {
  return part.type === 'file';
}

/** The parser's errors have no status; those of the disk do not belong to the client. */
function toProblem(error: unknown): Error {
  if (error instanceof ProblemException) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ProblemException('unavailable', {
      detail: 'The server has no room for the file. Nothing was taken from it.',
      cause: error,
    });
  }
  if (syscall !== undefined && code !== 'ECONNRESET') return error as Error;
  return new ProblemException('invalid-request', {
    detail: 'The multipart body is malformed or ends too early.',
    cause: error,
  });
}
