import { Injectable } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import { trusted, type Connection, type Model, type Types } from 'mongoose';
import { AccountLeftover } from './account-leftover.schema.js';
import { deleteInBatches } from './delete-in-batches.js';
import { SessionLeftover } from './session-leftover.schema.js';

/** The only access to the notes of what has to go. */
@Injectable()
export class LeftoversRepository {
  constructor(
    @InjectModel(SessionLeftover.name) private readonly sessions: Model<SessionLeftover>,
    @InjectModel(AccountLeftover.name) private readonly accounts: Model<AccountLeftover>,
    @InjectConnection() private readonly connection: Connection,
  ) {}

  /** Notes when a session is due, or moves the time; a removal that has begun goes on. */
  async expect(userId: Types.ObjectId, sessionId: Types.ObjectId, dueAt: Date): Promise<void> {
    await this.sessions.updateOne(
      { _id: sessionId },
      { $set: { due_at: dueAt }, $setOnInsert: { user_id: userId, claimed: false } },
      { upsert: true },
    );
  }

  /** The same for many sessions of one user. */
  async expectAll(
    userId: Types.ObjectId,
    sessionIds: readonly Types.ObjectId[],
    dueAt: Date,
  ): Promise<void> {
    if (sessionIds.length === 0) return;
    await this.sessions.bulkWrite(
      sessionIds.map((_id) => ({
        updateOne: {
          filter: { _id },
          update: {
            $set: { due_at: dueAt },
            $setOnInsert: { user_id: userId, claimed: false },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    );
  }

  /** Takes the notes of many sessions back, where no removal has begun. */
  async settleAll(sessionIds: readonly Types.ObjectId[]): Promise<void> {
    await this.sessions.deleteMany({ _id: trusted({ $in: sessionIds }), claimed: false });
  }

  /** @returns whether there was a note, and no removal had begun. */
  async settle(sessionId: Types.ObjectId): Promise<boolean> {
    const { deletedCount } = await this.sessions.deleteOne({ _id: sessionId, claimed: false });
    return deletedCount === 1;
  }

  /** What is due at a time, of one user or of all, oldest first. */
  due(now: Date, userId?: Types.ObjectId): AsyncIterable<SessionLeftover> {
    return this.sessions
      .find({
        ...(userId === undefined ? {} : { user_id: userId }),
        due_at: trusted({ $lte: now }),
      })
      .sort({ due_at: 1 })
      .lean<SessionLeftover>()
      .cursor();
  }

  /** Begins a removal. @returns whether it is still due at that time. */
  async claim({ _id, due_at }: SessionLeftover): Promise<boolean> {
    const { matchedCount } = await this.sessions.updateOne(
      { _id, due_at },
      { $set: { claimed: true } },
    );
    return matchedCount === 1;
  }

  /** Forgets a note, unless it was renewed since it was read. */
  async forget({ _id, due_at }: SessionLeftover): Promise<void> {
    await this.sessions.deleteOne({ _id, due_at });
  }

  async expectAccount(userId: Types.ObjectId, dueAt: Date): Promise<void> {
    await this.accounts.updateOne(
      { _id: userId },
      { $set: { due_at: dueAt, swept: false } },
      { upsert: true },
    );
  }

  /** @returns the accounts that are due at a time. */
  dueAccounts(now: Date): Promise<AccountLeftover[]> {
    return this.accounts
      .find({ due_at: trusted({ $lte: now }) })
      .sort({ due_at: 1 })
      .lean<AccountLeftover[]>()
      .exec();
  }

  /** Notes that an account was removed and is to be looked at once more. */
  async lookAgain(userId: Types.ObjectId, dueAt: Date): Promise<void> {
    await this.accounts.updateOne({ _id: userId }, { $set: { due_at: dueAt, swept: true } });
  }

  async forgetAccount(userId: Types.ObjectId): Promise<void> {
    await this.accounts.deleteOne({ _id: userId });
  }

  /**
   * Deletes every document that names the user as its owner, in whatever collection: a collection
   * that a room adds needs no word here. Each has an index that begins with `user_id`.
   */
  async deleteOwnedBy(userId: Types.ObjectId): Promise<void> {
    for (const model of Object.values(this.connection.models)) {
      if (!('user_id' in model.schema.paths)) continue;
      await deleteInBatches(model as Model<{ user_id: Types.ObjectId }>, { user_id: userId });
    }
  }
}
