import type { ImportJob, ImportStarted, ListedImport } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Types } from 'mongoose';
import { mapPage, type Page, type PageRequest } from '../common/paging/page.js';
import { notFound, ProblemException } from '../common/problem/problem.exception.js';
import type { StoredImport } from './import-job.schema.js';
import { ImportRunner } from './import-runner.js';
import { ImportUndo } from './import-undo.js';
import { ImportsRepository } from './imports.repository.js';
import { toImportJob, toListedImport } from './to-import-job.js';
import { Uploads } from './uploads.js';

/** What an owner may do with imports. What is missing or foreign is one 404. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly imports: ImportsRepository,
    private readonly uploads: Uploads,
    private readonly runner: ImportRunner,
    private readonly undoing: ImportUndo,
  ) {}

  /**
   * Receives a file and begins to import it.
   *
   * @param dryRun whether only the report is wanted.
   * @throws a 409 where another import of the user runs; what `Uploads.receive` throws.
   */
  async start(
    userId: Types.ObjectId,
    request: FastifyRequest,
    dryRun: boolean,
  ): Promise<ImportStarted> {
    // Before somebody sends gigabytes for nothing.
    if (await this.imports.isRunning(userId)) throw new ProblemException('import-running');
    const upload = await this.uploads.receive(request);
    const job: StoredImport = {
      _id: new Types.ObjectId(),
      user_id: userId,
      status: 'running',
      dry_run: dryRun,
      format: null,
      total_bytes: upload.bytes,
      done_bytes: 0,
      counts: { imported: 0, skipped: 0, failed: 0 },
      error: null,
      folder_ids: [],
      owner: this.runner.owner,
      beat: 0,
      created_at: new Date(),
    };
    try {
      await this.imports.begin(job);
    } catch (error) {
      await upload.remove();
      throw error;
    }
    this.runner.begin(job, upload);
    return { _id: job._id.toHexString(), status: job.status };
  }

  async get(userId: Types.ObjectId, id: Types.ObjectId): Promise<ImportJob> {
    const job = await this.imports.find(userId, id);
    if (job === null) throw notFound();
    return toImportJob(job, await this.imports.report(userId, id));
  }

  /** Newest first, without their reports. */
  async list(userId: Types.ObjectId, request: PageRequest): Promise<Page<ListedImport>> {
    return mapPage(await this.imports.list(userId, request), toListedImport);
  }

  /**
   * Takes an import back: what it made goes to the trash, whence all of it can be restored.
   *
   * @throws a 409 where it still runs, or was a dry run.
   */
  async undo(userId: Types.ObjectId, id: Types.ObjectId): Promise<ImportJob> {
    const job = await this.imports.find(userId, id);
    if (job === null) throw notFound();
    if (job.status === 'running') {
      throw new ProblemException('import-running', {
        detail: 'Wait until the import has ended, then undo it.',
      });
    }
    if (job.dry_run) {
      throw new ProblemException('conflict', {
        detail: 'It was a dry run: nothing was imported, so there is nothing to undo.',
      });
    }
    if (job.status !== 'undone') await this.undoing.undo(job);
    return this.get(userId, id);
  }
}
