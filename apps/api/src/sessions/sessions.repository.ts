import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Types, type Model } from 'mongoose';
import { behind, rowsToRead, toPage, type Page, type PageRequest } from '../common/paging/page.js';
import { StoredSession } from './session.schema.js';

/** The only access to stored sessions; every method sees those of one owner alone. */
@Injectable()
export class SessionsRepository {
  constructor(@InjectModel(StoredSession.name) private readonly model: Model<StoredSession>) {}

  async create(userId: Types.ObjectId, title: string): Promise<StoredSession> {
    const session = await this.model.create({
      user_id: userId,
      title,
      last_activity_at: new Date(),
    });
    return session.toObject();
  }

  findLive(userId: Types.ObjectId, id: Types.ObjectId): Promise<StoredSession | null> {
    return this.model.findOne({ _id: id, user_id: userId, deleted: false }).lean().exec();
  }

  /** Cheaper than `findLive`, for those who only need to know. */
  async isLive(userId: Types.ObjectId, id: Types.ObjectId): Promise<boolean> {
    return (await this.model.exists({ _id: id, user_id: userId, deleted: false })) !== null;
  }

  /** Most recent activity first, live ones or those in the trash. */
  async list(
    userId: Types.ObjectId,
    deleted: boolean,
    request: PageRequest,
  ): Promise<Page<StoredSession>> {
    const rows = await this.model
      .find({
        user_id: userId,
        deleted,
        ...behind<StoredSession>('last_activity_at', -1, request.after),
      })
      .sort({ last_activity_at: -1, _id: -1 })
      .limit(rowsToRead(request))
      .lean()
      .exec();
    return toPage(rows, request, (row) => row.last_activity_at);
  }

  rename(userId: Types.ObjectId, id: Types.ObjectId, title: string): Promise<StoredSession | null> {
    return this.model
      .findOneAndUpdate(
        { _id: id, user_id: userId, deleted: false },
        { $set: { title } },
        { returnDocument: 'after' },
      )
      .lean()
      .exec();
  }

  /** @returns whether there was a live session to delete. */
  async softDelete(userId: Types.ObjectId, id: Types.ObjectId): Promise<boolean> {
    const { modifiedCount } = await this.model.updateOne(
      { _id: id, user_id: userId, deleted: false },
      { $set: { deleted: true, deleted_at: new Date() } },
      { timestamps: false },
    );
    return modifiedCount === 1;
  }

  /** @returns the session, live again, or null where none of this id was in the trash. */
  restore(userId: Types.ObjectId, id: Types.ObjectId): Promise<StoredSession | null> {
    return this.model
      .findOneAndUpdate(
        { _id: id, user_id: userId, deleted: true },
        { $set: { deleted: false, deleted_at: null } },
        { returnDocument: 'after', timestamps: false },
      )
      .lean()
      .exec();
  }

  /**
   * Counts one more message and notes the activity. The write also holds the session until the
   * transaction ends, so sends to one session follow one another and meet no deleted session.
   *
   * @returns the session as it was before, or null where there is no such live session.
   */
  recordMessage(
    userId: Types.ObjectId,
    id: Types.ObjectId,
    at: Date,
  ): Promise<StoredSession | null> {
    return this.model
      .findOneAndUpdate(
        { _id: id, user_id: userId, deleted: false },
        {
          $inc: { message_count: 1 },
          $max: { last_message_at: at, last_activity_at: at, updated_at: at },
        },
        { returnDocument: 'before', timestamps: false },
      )
      .lean()
      .exec();
  }

  /** Moves the last activity of a session that `recordMessage` has just written. */
  async moveActivity(userId: Types.ObjectId, id: Types.ObjectId, at: Date): Promise<void> {
    await this.model.updateOne(
      { _id: id, user_id: userId },
      { $set: { last_message_at: at, last_activity_at: at, updated_at: at } },
      { timestamps: false },
    );
  }

  /**
   * Changes the count because a message went to the trash (-1) or came back (+1).
   *
   * @returns whether there is such a live session.
   */
  async changeCount(userId: Types.ObjectId, id: Types.ObjectId, by: 1 | -1): Promise<boolean> {
    const { matchedCount } = await this.model.updateOne(
      { _id: id, user_id: userId, deleted: false },
      { $inc: { message_count: by } },
    );
    return matchedCount === 1;
  }

  /** Every session of every owner with its count, for `CountRepair` alone; by the index on `_id`. */
  everyCount(): AsyncIterable<Pick<StoredSession, '_id' | 'user_id' | 'message_count'>> {
    return this.model.find({}, { user_id: 1, message_count: 1 }).sort({ _id: 1 }).lean().cursor();
  }

  /** Sets a count that was found wrong. */
  async setCount(userId: Types.ObjectId, id: Types.ObjectId, count: number): Promise<void> {
    await this.model.updateOne(
      { _id: id, user_id: userId },
      { $set: { message_count: count } },
      { timestamps: false },
    );
  }
}
