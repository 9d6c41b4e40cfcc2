import type { ExportedProfile } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import { trusted, type Connection, type Model, type mongo, type Types } from 'mongoose';
import { StoredRevision } from '../messages/message-revision.schema.js';
import { StoredMessage } from '../messages/message.schema.js';
import { currentSession } from '../persistence/current-session.js';
import { Transactions } from '../persistence/transactions.js';
import { StoredSession } from '../sessions/session.schema.js';
import { BatchSize } from './batch-size.js';
import type { FolderToExport } from './folders-in-order.js';

/** How many sessions are counted at once. */
const SESSIONS_AT_ONCE = 200;
const BOTH = [false, true];

/** Where a session stands in the order of an export. */
export type SessionPlace = Pick<StoredSession, '_id' | 'created_at'>;

/** Messages that were read in one moment, with their revisions by message, oldest first. */
export interface MessageBatch {
  readonly messages: readonly StoredMessage[];
  readonly revisions: ReadonlyMap<string, readonly StoredRevision[]>;
}

/** Reads everything of one owner, the trash included, in pieces of bounded size. */
@Injectable()
export class ExportRepository {
  constructor(
    @InjectModel(StoredSession.name) private readonly sessions: Model<StoredSession>,
    @InjectModel(StoredMessage.name) private readonly messages: Model<StoredMessage>,
    @InjectModel(StoredRevision.name) private readonly revisions: Model<StoredRevision>,
    @InjectConnection() private readonly connection: Connection,
    private readonly transactions: Transactions,
  ) {}

  async profile(userId: Types.ObjectId): Promise<ExportedProfile | null> {
    const user = await this.connection
      .collection<Omit<ExportedProfile, 'created_at'> & { readonly created_at: Date }>('users')
      .findOne({ _id: userId }, { projection: { username: 1, display_name: 1, created_at: 1 } });
    if (user === null) return null;
    const { username, display_name, created_at } = user;
    return { username, display_name, created_at: created_at.toISOString() };
  }

  /** Every session, oldest first. */
  places(userId: Types.ObjectId): Promise<SessionPlace[]> {
    return this.sessions
      .find({ user_id: userId }, { created_at: 1 })
      .sort({ created_at: 1, _id: 1 })
      .lean<SessionPlace[]>()
      .exec();
  }

  /** A session, live or in the trash. */
  session(userId: Types.ObjectId, id: Types.ObjectId): Promise<StoredSession | null> {
    return this.sessions.findOne({ _id: id, user_id: userId }).lean().exec();
  }

  async countMessages(userId: Types.ObjectId, sessions: readonly SessionPlace[]): Promise<number> {
    let count = 0;
    for (let at = 0; at < sessions.length; at += SESSIONS_AT_ONCE) {
      const ids = sessions.slice(at, at + SESSIONS_AT_ONCE).map(({ _id }) => _id);
      count += await this.messages.countDocuments({
        user_id: userId,
        session_id: trusted({ $in: ids }),
      });
    }
    return count;
  }

  /** In no order. */
  folders(userId: Types.ObjectId): Promise<FolderToExport[]> {
    return this.connection
      .collection<FolderToExport & { user_id: Types.ObjectId }>('folders')
      .find({ user_id: userId })
      .toArray();
  }

  /**
   * A session and its messages, live or in the trash, by time: the first batch is of the same
   * moment as the session, each further one of a moment of its own. What is stored after the first
   * is in none of them.
   *
   * @returns null where the session is gone.
   */
  async open(
    userId: Types.ObjectId,
    id: Types.ObjectId,
  ): Promise<{ session: StoredSession; batches: AsyncIterable<MessageBatch> } | null> {
    const size = new BatchSize();
    const first = await this.transactions.run(async () => {
      const session = await this.session(userId, id);
      if (session === null) return null;
      const newest = await this.newest(session);
      return { session, newest, batch: await this.batch(session, newest, size.next) };
    });
    if (first === null) return null;
    const { session, newest, batch } = first;
    return { session, batches: this.batches(session, newest, size, batch) };
  }

  /** The same messages with their revisions, oldest first. */
  async addRevisions<Row extends { readonly message: StoredMessage }>(
    session: StoredSession,
    rows: readonly Row[],
  ): Promise<(Row & { readonly revisions: readonly StoredRevision[] })[]> {
    const edited = rows.map(({ message }) => message).filter(isEdited);
    const revisions = await this.revisionsOf(session, edited);
    return rows.map((row) => ({
      ...row,
      revisions: revisions.get(row.message._id.toHexString()) ?? [],
    }));
  }

  private async *batches(
    session: StoredSession,
    newest: Date,
    size: BatchSize,
    first: MessageBatch,
  ): AsyncIterable<MessageBatch> {
    for (let batch = first; batch.messages.length > 0;) {
      yield batch;
      size.learn(batch.messages);
      const last = batch.messages.at(-1);
      batch = await this.transactions.run(() => this.batch(session, newest, size.next, last));
    }
  }

  private async batch(
    session: StoredSession,
    newest: Date,
    size: number,
    after?: StoredMessage,
  ): Promise<MessageBatch> {
    const messages = await this.stretch(session, newest, size, after);
    return { messages, revisions: await this.revisionsOf(session, messages.filter(isEdited)) };
  }

  /** Times rise along a session; where two are equal all the same, the one that was read is left out. */
  private async stretch(
    session: StoredSession,
    newest: Date,
    size: number,
    after?: StoredMessage,
  ): Promise<StoredMessage[]> {
    const from = after === undefined ? {} : { $gte: after.created_at };
    // In one answer: a cursor that stayed open would have read more than is wanted.
    const limit = size + 1;
    const read = await this.collection()
      .find(
        { ...within(session), created_at: { ...from, $lte: newest } },
        { sort: { created_at: 1, _id: 1 }, limit, batchSize: limit, session: currentSession() },
      )
      .toArray();
    const rows = after === undefined ? read : read.filter((row) => !isUpTo(row, after));
    const isStuck = rows.length === 0 && read.length === limit;
    return isStuck ? this.stretch(session, newest, size * 2, after) : rows;
  }

  private async newest(session: StoredSession): Promise<Date> {
    const last = await this.collection().findOne(within(session), {
      sort: { created_at: -1, _id: -1 },
      projection: { created_at: 1 },
      session: currentSession(),
    });
    return last?.created_at ?? new Date(0);
  }

  private async revisionsOf(
    { user_id }: StoredSession,
    messages: readonly StoredMessage[],
  ): Promise<MessageBatch['revisions']> {
    const byMessage = new Map<string, StoredRevision[]>();
    if (messages.length === 0) return byMessage;
    const rows = await this.revisions
      .find({ user_id, message_id: trusted({ $in: messages.map(({ _id }) => _id) }) })
      .sort({ message_id: 1, revision: 1 })
      .lean()
      .exec();
    for (const row of rows) {
      const id = row.message_id.toHexString();
      byMessage.set(id, [...(byMessage.get(id) ?? []), row]);
    }
    return byMessage;
  }

  private collection(): mongo.Collection<StoredMessage> {
    return this.messages.collection as unknown as mongo.Collection<StoredMessage>;
  }
}

function within({ _id, user_id }: StoredSession): mongo.Filter<StoredMessage> {
  return { user_id, session_id: _id, deleted: { $in: BOTH } };
}

function isUpTo({ _id, created_at }: StoredMessage, after: StoredMessage): boolean {
  const order = created_at.getTime() - after.created_at.getTime();
  return order < 0 || (order === 0 && _id.toHexString() <= after._id.toHexString());
}

/** Whatever has a revision was edited. */
function isEdited({ edited_at }: StoredMessage): boolean {
  return edited_at instanceof Date;
}
