import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, Types, type Model } from 'mongoose';
import type { StoredMessage } from './message.schema.js';
import { StoredRevision } from './message-revision.schema.js';

/** The only access to stored revisions; every method sees those of one owner alone. */
@Injectable()
export class RevisionsRepository {
  constructor(@InjectModel(StoredRevision.name) private readonly model: Model<StoredRevision>) {}

  /** Keeps the text of a message that is about to be changed as its latest revision. */
  async keep(message: StoredMessage): Promise<void> {
    const { user_id, session_id, _id: message_id, content, created_at, edited_at } = message;
    const latest = await this.model
      .findOne({ user_id, message_id }, { revision: 1 })
      .sort({ revision: -1 })
      .lean()
      .exec();
    const revision: StoredRevision = {
      _id: new Types.ObjectId(),
      user_id,
      session_id,
      message_id,
      revision: (latest?.revision ?? 0) + 1,
      content,
      created_at: edited_at ?? created_at,
    };
    await this.model.insertMany([revision], { lean: true });
  }

  /** Stores those of a session that is built whole. */
  async insert(revisions: readonly StoredRevision[]): Promise<void> {
    if (revisions.length > 0) await this.model.insertMany(revisions, { lean: true });
  }

  /** Lets them go to the trash with their message, or come back with it: null. */
  async follow(
    userId: Types.ObjectId,
    messageId: Types.ObjectId,
    deletedAt: Date | null,
  ): Promise<void> {
    await this.model.updateMany(
      { user_id: userId, message_id: messageId },
      { $set: { deleted_at: deletedAt } },
    );
  }

  /** One of them, or null. */
  find(
    userId: Types.ObjectId,
    messageId: Types.ObjectId,
    revision: number,
  ): Promise<StoredRevision | null> {
    return this.model.findOne({ user_id: userId, message_id: messageId, revision }).lean().exec();
  }

  /** Those of several messages, oldest first, by message. */
  async ofMessages(
    userId: Types.ObjectId,
    messageIds: readonly Types.ObjectId[],
  ): Promise<ReadonlyMap<string, readonly StoredRevision[]>> {
    const byMessage = new Map<string, StoredRevision[]>();
    if (messageIds.length === 0) return byMessage;
    const rows = await this.model
      .find({ user_id: userId, message_id: trusted({ $in: messageIds }) })
      .sort({ message_id: 1, revision: 1 })
      .lean()
      .exec();
    for (const row of rows) {
      const id = row.message_id.toHexString();
      const others = byMessage.get(id);
      if (others === undefined) byMessage.set(id, [row]);
      else others.push(row);
    }
    return byMessage;
  }

  /**
   * Oldest first.
   *
   * @param after only those with a higher number.
   * @param rows at most so many; 0 for all.
   */
  list(
    userId: Types.ObjectId,
    messageId: Types.ObjectId,
    after: number,
    rows: number,
  ): Promise<StoredRevision[]> {
    return this.model
      .find({ user_id: userId, message_id: messageId, revision: trusted({ $gt: after }) })
      .sort({ revision: 1 })
      .limit(rows)
      .lean()
      .exec();
  }
}
