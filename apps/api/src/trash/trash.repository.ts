import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type Model, type Types } from 'mongoose';
import { behind, rowsToRead, type PageRequest } from '../common/paging/page.js';
import { StoredMessage } from '../messages/message.schema.js';
import { StoredSession } from '../sessions/session.schema.js';

/** A session in the trash. */
export type TrashedSessionRow = StoredSession & { readonly deleted_at: Date };

/** A message in the trash. */
export type TrashedMessageRow = StoredMessage & { readonly deleted_at: Date };

/** What of a session is told beside its messages in the trash. */
export type SessionHeading = Pick<StoredSession, '_id' | 'title' | 'branched'>;

/** The newest first. */
const ORDER = { deleted_at: -1, _id: -1 } as const;

/** Reads what is in the trash across sessions and messages, and empties it. */
@Injectable()
export class TrashRepository {
  constructor(
    @InjectModel(StoredSession.name) private readonly sessions: Model<StoredSession>,
    @InjectModel(StoredMessage.name) private readonly messages: Model<StoredMessage>,
  ) {}

  /** The sessions in the trash, the last deleted first; one more than the page holds. */
  trashedSessions(userId: Types.ObjectId, request: PageRequest): Promise<TrashedSessionRow[]> {
    return this.sessions
      .find({ user_id: userId, deleted: true, ...behind('deleted_at', -1, request.after) })
      .sort(ORDER)
      .limit(rowsToRead(request))
      .lean<TrashedSessionRow[]>()
      .exec();
  }

  /** The messages in the trash, of whatever session; `request.limit` of them. */
  trashedMessages(userId: Types.ObjectId, request: PageRequest): Promise<TrashedMessageRow[]> {
    return this.messages
      .find({ user_id: userId, deleted: true, ...behind('deleted_at', -1, request.after) })
      .sort(ORDER)
      .limit(request.limit ?? 0)
      .lean<TrashedMessageRow[]>()
      .exec();
  }

  /** Those of these sessions that are live. */
  liveAmong(userId: Types.ObjectId, ids: readonly Types.ObjectId[]): Promise<SessionHeading[]> {
    return this.sessions
      .find(
        { _id: trusted({ $in: ids }), user_id: userId, deleted: false },
        { title: 1, branched: 1 },
      )
      .lean<SessionHeading[]>()
      .exec();
  }

  /** Some sessions that are in the trash, in no order. */
  async someTrashedSessions(userId: Types.ObjectId, limit: number): Promise<Types.ObjectId[]> {
    const rows = await this.sessions
      .find({ user_id: userId, deleted: true }, { _id: 1 })
      .limit(limit)
      .lean()
      .exec();
    return rows.map(({ _id }) => _id);
  }

  /** Deletes the documents of sessions for good, where they still are in the trash. */
  async deleteSessions(userId: Types.ObjectId, ids: readonly Types.ObjectId[]): Promise<void> {
    await this.sessions.deleteMany({
      _id: trusted({ $in: ids }),
      user_id: userId,
      deleted: true,
    });
  }

  /** Every session in the trash of every user, for `TrashRetention` alone; by the index on `_id`. */
  async *everyTrashedSession(): AsyncIterable<
    Pick<TrashedSessionRow, '_id' | 'user_id' | 'deleted_at'>
  > {
    const rows = this.sessions
      .find({}, { user_id: 1, deleted_at: 1 })
      .sort({ _id: 1 })
      .lean()
      .cursor();
    for await (const { _id, user_id, deleted_at } of rows) {
      if (deleted_at !== null) yield { _id, user_id, deleted_at };
    }
  }
}
