import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type Model, type Types } from 'mongoose';
import { StoredSession } from './session.schema.js';
import { changed } from './sessions.repository.js';
import { tagKey } from './tags.js';

/** What is set in many sessions alike. */
export type BulkChange = Partial<
  Pick<StoredSession, 'folder_id' | 'pinned' | 'archived' | 'deleted' | 'deleted_at' | 'updated_at'>
>;

/** Changes many sessions of one owner at once, in the transaction of its caller. */
@Injectable()
export class SessionBulkRepository {
  constructor(@InjectModel(StoredSession.name) private readonly model: Model<StoredSession>) {}

  /** Those of these sessions that are live, or in the trash. */
  find(
    userId: Types.ObjectId,
    ids: readonly Types.ObjectId[],
    deleted: boolean,
  ): Promise<Pick<StoredSession, '_id' | 'tags'>[]> {
    return this.model
      .find({ _id: trusted({ $in: ids }), user_id: userId, deleted }, { tags: 1 })
      .lean<Pick<StoredSession, '_id' | 'tags'>[]>()
      .exec();
  }

  /** @param wasDeleted whether they are in the trash before. */
  async change(
    userId: Types.ObjectId,
    ids: readonly Types.ObjectId[],
    wasDeleted: boolean,
    set: BulkChange,
  ): Promise<void> {
    if (ids.length === 0) return;
    await this.model.updateMany(
      { _id: trusted({ $in: ids }), user_id: userId, deleted: wasDeleted },
      { $set: set, ...changed() },
      { timestamps: false },
    );
  }

  /** Gives each of these sessions tags of its own. */
  async retag(
    userId: Types.ObjectId,
    sessions: readonly Pick<StoredSession, '_id' | 'tags'>[],
    at: Date,
  ): Promise<void> {
    if (sessions.length === 0) return;
    await this.model.bulkWrite(
      sessions.map(({ _id, tags }) => ({
        updateOne: {
          filter: { _id, user_id: userId },
          update: { $set: { tags, tag_keys: tags.map(tagKey), updated_at: at }, ...changed(at) },
        },
      })),
      { timestamps: false },
    );
  }

  /** Moves all sessions of a folder, those in the trash too. */
  async moveAll(
    userId: Types.ObjectId,
    from: Types.ObjectId,
    to: Types.ObjectId | null,
  ): Promise<void> {
    await this.model.updateMany(
      { user_id: userId, deleted: trusted({ $in: [false, true] }), folder_id: from },
      { $set: { folder_id: to }, ...changed() },
      { timestamps: false },
    );
  }
}
