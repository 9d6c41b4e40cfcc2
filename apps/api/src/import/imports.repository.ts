import type { ImportStatus } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { mongo, Types, type Model } from 'mongoose';
import { behind, rowsToRead, toPage, type Page, type PageRequest } from '../common/paging/page.js';
import { ProblemException } from '../common/problem/problem.exception.js';
import { StoredImportEntry } from './import-entry.schema.js';
import { StoredImport } from './import-job.schema.js';

/** What of a running import changes while it runs. */
export type ImportProgress = Pick<StoredImport, 'done_bytes' | 'counts' | 'format'>;

/** How an import ended; what is absent stays as it was last noted. */
export type ImportEnding = Partial<ImportProgress> &
  Pick<StoredImport, 'error'> & { readonly status: Exclude<ImportStatus, 'running' | 'undone'> };

export type NewImportEntry = Omit<StoredImportEntry, '_id' | 'user_id' | 'import_id'>;

const DUPLICATE_KEY = 11_000;

/** The only access to imports and their reports. */
@Injectable()
export class ImportsRepository {
  constructor(
    @InjectModel(StoredImport.name) private readonly jobs: Model<StoredImport>,
    @InjectModel(StoredImportEntry.name) private readonly entries: Model<StoredImportEntry>,
  ) {}

  /** @throws a 409 where another import of the user runs. */
  async begin(job: StoredImport): Promise<void> {
    try {
      await this.jobs.insertMany([job], { lean: true });
    } catch (error) {
      if (error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY) {
        throw new ProblemException('import-running', { cause: error });
      }
      throw error;
    }
  }

  /** Whether an import of this user runs, through whatever process. */
  async isRunning(userId: Types.ObjectId): Promise<boolean> {
    return (await this.jobs.exists({ user_id: userId, status: 'running' })) !== null;
  }

  find(userId: Types.ObjectId, id: Types.ObjectId): Promise<StoredImport | null> {
    return this.jobs.findOne({ _id: id, user_id: userId }).lean().exec();
  }

  /** Newest first. */
  async list(userId: Types.ObjectId, request: PageRequest): Promise<Page<StoredImport>> {
    const rows = await this.jobs
      .find({ user_id: userId, ...behind<StoredImport>('created_at', -1, request.after) })
      .sort({ created_at: -1, _id: -1 })
      .limit(rowsToRead(request))
      .lean()
      .exec();
    return toPage(rows, request, (row) => row.created_at);
  }

  /** In its order. */
  report(userId: Types.ObjectId, importId: Types.ObjectId): Promise<StoredImportEntry[]> {
    return this.entries
      .find({ user_id: userId, import_id: importId })
      .sort({ number: 1 })
      .lean()
      .exec();
  }

  async addEntries(
    userId: Types.ObjectId,
    importId: Types.ObjectId,
    entries: readonly NewImportEntry[],
  ): Promise<void> {
    if (entries.length === 0) return;
    const rows = entries.map((entry) => ({
      ...entry,
      _id: new Types.ObjectId(),
      user_id: userId,
      import_id: importId,
    }));
    await this.entries.insertMany(rows, { lean: true });
  }

  /** Notes how far a running import is, and that its process lives. */
  async advance(id: Types.ObjectId, progress: ImportProgress): Promise<void> {
    await this.jobs.updateOne(
      { _id: id, status: 'running' },
      { $set: { ...progress }, $inc: { beat: 1 } },
    );
  }

  async madeFolders(id: Types.ObjectId, folderIds: readonly Types.ObjectId[]): Promise<void> {
    await this.jobs.updateOne({ _id: id }, { $push: { folder_ids: { $each: folderIds } } });
  }

  /** Ends a running import; one that has ended stays as it is. */
  async end(id: Types.ObjectId, ending: ImportEnding): Promise<void> {
    await this.jobs.updateOne({ _id: id, status: 'running' }, { $set: { ...ending } });
  }

  async markUndone(userId: Types.ObjectId, id: Types.ObjectId): Promise<void> {
    await this.jobs.updateOne({ _id: id, user_id: userId }, { $set: { status: 'undone' } });
  }

  /** Every running import of every user, for the reaper alone. */
  running(): Promise<StoredImport[]> {
    return this.jobs.find({ status: 'running' }).lean().exec();
  }
}
