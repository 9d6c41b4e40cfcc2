import type { Segment } from '@chat/conversation';
import type { SortOrder } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, Types, type Model, type mongo, type QueryFilter } from 'mongoose';
import {
  behind,
  rowsToRead,
  toPage,
  type Page,
  type PageRequest,
  type SortDirection,
} from '../common/paging/page.js';
import { currentSession } from '../persistence/current-session.js';
import { MessageIndexes } from './message-index.js';
import { StoredMessage } from './message.schema.js';

/** Whose messages, and of which session. */
export interface MessageScope {
  readonly userId: Types.ObjectId;
  readonly sessionId: Types.ObjectId;
}

export interface MessageListRequest extends PageRequest {
  readonly deleted: boolean;
  readonly order: SortOrder;
}

/** A message as a node of the tree. */
export type MessageNode = Pick<StoredMessage, '_id' | 'parent_id' | 'branch_id' | 'created_at'>;

const NODE_FIELDS = { parent_id: 1, branch_id: 1, created_at: 1 } as const;

/** The only access to stored messages; every method sees those of one owner alone. */
@Injectable()
export class MessagesRepository {
  constructor(
    @InjectModel(StoredMessage.name) private readonly model: Model<StoredMessage>,
    private readonly indexes: MessageIndexes,
  ) {}

  /**
   * Stores what was checked before and built whole. By the driver itself: for every message sent,
   * casting and a bulk of one would be a tenth of the work.
   */
  async insert(messages: readonly StoredMessage[]): Promise<void> {
    const session = currentSession();
    const collection = this.model.collection as unknown as mongo.Collection<StoredMessage>;
    const [only] = messages;
    if (messages.length === 1 && only !== undefined) await collection.insertOne(only, { session });
    else await collection.insertMany(messages, { session });
    await this.indexes.stored(messages);
  }

  /** The whole tree of a session, or its trash. */
  async list(
    scope: MessageScope,
    { deleted, order, ...request }: MessageListRequest,
  ): Promise<Page<StoredMessage>> {
    const direction = directionOf(order);
    const rows = await this.model
      .find({
        ...within(scope),
        deleted,
        ...behind<StoredMessage>('created_at', direction, request.after),
      })
      .sort({ created_at: direction, _id: direction })
      .limit(rowsToRead(request))
      .lean()
      .exec();
    return toPage(rows, request, (row) => row.created_at);
  }

  /**
   * The live messages of one part of a path, at most `rows` of them where that is not 0: then in
   * one answer, where more than 101 would by default come in two (MongoDB manual,
   * "cursor.batchSize").
   */
  stretch(
    scope: MessageScope,
    { branchId, upto }: Segment,
    { order, after, rows }: { order: SortOrder; after?: PageRequest['after']; rows: number },
  ): Promise<StoredMessage[]> {
    const direction = directionOf(order);
    return this.model
      .find({
        ...within(scope),
        branch_id: toId(branchId),
        deleted: false,
        ...(upto === undefined ? {} : { created_at: trusted({ $lte: new Date(upto) }) }),
        ...behind<StoredMessage>('created_at', direction, after),
      })
      .sort({ created_at: direction, _id: direction })
      .setOptions(rows > 0 ? { limit: rows, batchSize: rows } : {})
      .lean()
      .exec();
  }

  findLive(scope: MessageScope, id: Types.ObjectId): Promise<StoredMessage | null> {
    return this.model
      .findOne({ _id: id, ...within(scope), deleted: false })
      .lean()
      .exec();
  }

  /** A message of this owner in whatever session, live or in the trash. */
  findAny(userId: Types.ObjectId, id: Types.ObjectId): Promise<StoredMessage | null> {
    return this.model.findOne({ _id: id, user_id: userId }).lean().exec();
  }

  /**
   * Whether a branch goes on behind a message (null: the root), be it with messages in the trash. A
   * child of it alone would not tell: it may have been removed for good, and what follows it not.
   */
  async goesOnBehind(
    scope: MessageScope,
    branchId: Types.ObjectId | null,
    message: Pick<MessageNode, 'created_at'> | null,
  ): Promise<boolean> {
    const later = await this.model.exists({
      ...within(scope),
      branch_id: branchId,
      deleted: oneOf([false, true]),
      ...(message === null ? {} : { created_at: trusted({ $gt: message.created_at }) }),
    });
    return later !== null;
  }

  /** The live children of these messages (null: of the root), oldest first. */
  async children(
    scope: MessageScope,
    parentIds: readonly (Types.ObjectId | null)[],
  ): Promise<MessageNode[]> {
    const rows = await this.model
      .find({ ...within(scope), parent_id: oneOf(parentIds), deleted: false }, NODE_FIELDS)
      .lean<MessageNode[]>()
      .exec();
    return rows.sort((a, b) => a.created_at.getTime() - b.created_at.getTime());
  }

  /** The latest live message of these branches, of those behind a time where one is given. */
  newestLive(
    scope: MessageScope,
    branchIds: readonly (string | null)[],
    behindTime?: Date,
  ): Promise<MessageNode | null> {
    return this.model
      .findOne(
        {
          ...within(scope),
          branch_id: oneOf(branchIds.map(toId)),
          deleted: false,
          ...(behindTime === undefined ? {} : { created_at: trusted({ $gt: behindTime }) }),
        },
        NODE_FIELDS,
      )
      .sort({ created_at: -1, _id: -1 })
      .lean<MessageNode>()
      .exec();
  }

  /** The last message of a branch, live or in the trash. */
  endOf(scope: MessageScope, branchId: Types.ObjectId | null): Promise<MessageNode | null> {
    return this.model
      .findOne(
        { ...within(scope), branch_id: branchId, deleted: oneOf([false, true]) },
        NODE_FIELDS,
      )
      .sort({ created_at: -1, _id: -1 })
      .lean<MessageNode>()
      .exec();
  }

  /**
   * Changes a message where it still is what the caller has seen.
   *
   * @param expected what else the filter asks for.
   * @returns the message as it is then, or null where there is none such.
   */
  async change(
    userId: Types.ObjectId,
    id: Types.ObjectId,
    expected: QueryFilter<StoredMessage>,
    update: {
      readonly $set: Partial<StoredMessage>;
      readonly $push?: { readonly kept_lengths: StoredMessage['kept_lengths'][number] };
    },
  ): Promise<StoredMessage | null> {
    const message = await this.model
      .findOneAndUpdate({ _id: id, user_id: userId, ...expected }, update, {
        returnDocument: 'after',
      })
      .lean()
      .exec();
    if (message !== null) await this.indexes.changed(message);
    return message;
  }

  /** @returns the message that went to the trash, or null where there was no live one. */
  async softDelete(scope: MessageScope, id: Types.ObjectId, at: Date): Promise<MessageNode | null> {
    const gone = await this.model
      .findOneAndUpdate(
        { _id: id, ...within(scope), deleted: false },
        { $set: { deleted: true, deleted_at: at } },
        { projection: NODE_FIELDS },
      )
      .lean<MessageNode>()
      .exec();
    if (gone !== null) await this.indexes.trashed(scope.userId, id, at);
    return gone;
  }

  /** @returns the message, live again, or null where none of this id was in the trash. */
  async restore(scope: MessageScope, id: Types.ObjectId): Promise<StoredMessage | null> {
    const restored = await this.model
      .findOneAndUpdate(
        { _id: id, ...within(scope), deleted: true },
        { $set: { deleted: false, deleted_at: null } },
        { returnDocument: 'after' },
      )
      .lean()
      .exec();
    if (restored !== null) await this.indexes.trashed(scope.userId, id, null);
    return restored;
  }

  countLive(scope: MessageScope): Promise<number> {
    return this.model.countDocuments({ ...within(scope), deleted: false }).exec();
  }
}

function within({ userId, sessionId }: MessageScope): {
  user_id: Types.ObjectId;
  session_id: Types.ObjectId;
} {
  return { user_id: userId, session_id: sessionId };
}

function directionOf(order: SortOrder): SortDirection {
  return order === 'asc' ? 1 : -1;
}

function toId(id: string | null): Types.ObjectId | null {
  return id === null ? null : new Types.ObjectId(id);
}

/** A single value is the plainer question, and one range of the index. */
function oneOf<T>(values: readonly T[]): T | { $in: readonly T[] } {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : trusted({ $in: values });
}
