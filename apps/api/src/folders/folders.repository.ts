import type { Folder } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { mongo, trusted, Types, type Model } from 'mongoose';
import { behind, rowsToRead, toPage, type Page, type PageRequest } from '../common/paging/page.js';
import { FolderChange } from './folder-change.schema.js';
import type { FolderPlace } from './folder-forest.js';
import { StoredFolder } from './folder.schema.js';

/** What an owner may set beside its place; what is absent stays. */
export type FolderSettings = Partial<Pick<Folder, 'name' | 'color'>>;

const DUPLICATE_KEY = 11_000;

/** The only access to stored folders; every method sees those of one owner alone. */
@Injectable()
export class FoldersRepository {
  constructor(
    @InjectModel(StoredFolder.name) private readonly folders: Model<StoredFolder>,
    @InjectModel(FolderChange.name) private readonly changes: Model<FolderChange>,
  ) {}

  /**
   * Sees to it that there is something to hold. Outside of any transaction: two that both make it
   * would not wait for each other but fail.
   */
  async prepare(userId: Types.ObjectId): Promise<void> {
    if ((await this.changes.exists({ _id: userId })) !== null) return;
    try {
      await this.changes.create({ _id: userId, changed_at: new Date(), change_number: 0 });
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY)) throw error;
    }
  }

  /**
   * Holds all folders of a user until the caller's transaction ends, and notes that they change.
   *
   * @returns them.
   */
  async hold(userId: Types.ObjectId): Promise<StoredFolder[]> {
    await this.changes.updateOne(
      { _id: userId },
      { $max: { changed_at: new Date() }, $inc: { change_number: 1 } },
      { upsert: true },
    );
    return this.all(userId);
  }

  /** Whose folders changed at or after a time. */
  changedSince(userIds: readonly Types.ObjectId[], since: Date): Promise<FolderChange[]> {
    return this.changes
      .find({ _id: trusted({ $in: userIds }), changed_at: trusted({ $gte: since }) })
      .lean()
      .exec();
  }

  async forgetChanges(userId: Types.ObjectId): Promise<void> {
    await this.changes.deleteOne({ _id: userId });
  }

  async all(userId: Types.ObjectId): Promise<StoredFolder[]> {
    return (await this.list(userId, {})).rows;
  }

  /** In the order in which they were made, which no move changes. */
  async list(userId: Types.ObjectId, request: PageRequest): Promise<Page<StoredFolder>> {
    const rows = await this.folders
      .find({ user_id: userId, ...behind<StoredFolder>('created_at', 1, request.after) })
      .sort({ created_at: 1, _id: 1 })
      .limit(rowsToRead(request))
      .lean()
      .exec();
    return toPage(rows, request, (row) => row.created_at);
  }

  async insert(folders: readonly StoredFolder[]): Promise<void> {
    await this.folders.insertMany(folders, { lean: true });
  }

  /** @returns the folder as it is then, or null where there is none. */
  change(
    userId: Types.ObjectId,
    id: Types.ObjectId,
    { name, color }: FolderSettings,
  ): Promise<StoredFolder | null> {
    const given = {
      ...(name === undefined ? {} : { name }),
      ...(color === undefined ? {} : { color }),
    };
    return this.folders
      .findOneAndUpdate(
        { _id: id, user_id: userId },
        { $set: { ...given, updated_at: new Date() } },
        { returnDocument: 'after' },
      )
      .lean()
      .exec();
  }

  /** Puts folders where a forest has found their places. */
  async place(userId: Types.ObjectId, places: ReadonlyMap<string, FolderPlace>): Promise<void> {
    if (places.size === 0) return;
    const updates = [...places].map(([id, { parentId, position }]) => ({
      updateOne: {
        filter: { _id: new Types.ObjectId(id), user_id: userId },
        update: {
          $set: { parent_id: parentId === null ? null : new Types.ObjectId(parentId), position },
        },
      },
    }));
    await this.folders.bulkWrite(updates);
  }

  /** Holds a folder until the caller's transaction ends. @returns whether there is one. */
  async claim(userId: Types.ObjectId, id: Types.ObjectId): Promise<boolean> {
    const { matchedCount } = await this.folders.updateOne(
      { _id: id, user_id: userId },
      { $inc: { claims: 1 } },
    );
    return matchedCount === 1;
  }

  async delete(userId: Types.ObjectId, id: Types.ObjectId): Promise<void> {
    await this.folders.deleteOne({ _id: id, user_id: userId });
  }
}
