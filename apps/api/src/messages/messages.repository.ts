import type { MessageRole, SortOrder } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Types, type Model } from 'mongoose';
import {
  behind,
  rowsToRead,
  toPage,
  type Page,
  type PageRequest,
  type SortDirection,
} from '../common/paging/page.js';
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

/** The only access to stored messages; every method sees those of one owner's session alone. */
@Injectable()
export class MessagesRepository {
  constructor(@InjectModel(StoredMessage.name) private readonly model: Model<StoredMessage>) {}

  async create(
    { userId, sessionId }: MessageScope,
    message: { content: string; role: MessageRole; created_at: Date },
  ): Promise<StoredMessage> {
    const stored: StoredMessage = {
      _id: new Types.ObjectId(),
      session_id: sessionId,
      user_id: userId,
      ...message,
      deleted: false,
      deleted_at: null,
    };
    // Checked by the DTO and built right here: a hydrated document would only cost time.
    await this.model.insertMany([stored], { lean: true });
    return stored;
  }

  async list(
    { userId, sessionId }: MessageScope,
    { deleted, order, ...request }: MessageListRequest,
  ): Promise<Page<StoredMessage>> {
    const direction: SortDirection = order === 'asc' ? 1 : -1;
    const rows = await this.model
      .find({
        user_id: userId,
        session_id: sessionId,
        deleted,
        ...behind<StoredMessage>('created_at', direction, request.after),
      })
      .sort({ created_at: direction, _id: direction })
      .limit(rowsToRead(request))
      .lean()
      .exec();
    return toPage(rows, request, (row) => row.created_at);
  }

  /** @returns whether there was a live message to delete. */
  async softDelete({ userId, sessionId }: MessageScope, id: Types.ObjectId): Promise<boolean> {
    const { modifiedCount } = await this.model.updateOne(
      { _id: id, session_id: sessionId, user_id: userId, deleted: false },
      { $set: { deleted: true, deleted_at: new Date() } },
    );
    return modifiedCount === 1;
  }

  /** @returns the message, live again, or null where none of this id was in the trash. */
  restore({ userId, sessionId }: MessageScope, id: Types.ObjectId): Promise<StoredMessage | null> {
    return this.model
      .findOneAndUpdate(
        { _id: id, session_id: sessionId, user_id: userId, deleted: true },
        { $set: { deleted: false, deleted_at: null } },
        { returnDocument: 'after' },
      )
      .lean()
      .exec();
  }

  countLive({ userId, sessionId }: MessageScope): Promise<number> {
    return this.model
      .countDocuments({ user_id: userId, session_id: sessionId, deleted: false })
      .exec();
  }
}
