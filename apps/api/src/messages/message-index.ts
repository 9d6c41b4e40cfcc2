import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import type { StoredMessage } from './message.schema.js';

/**
 * What follows the texts of messages. Every call belongs to the transaction that changes them and
 * comes after the change.
 */
export interface MessageIndex {
  /** Messages of one user were stored. */
  stored(messages: readonly StoredMessage[]): Promise<void>;
  /** A message is another one now; it may be live or in the trash. */
  changed(message: StoredMessage): Promise<void>;
  /** A message went to the trash, or, for null, came out of it. */
  trashed(userId: Types.ObjectId, id: Types.ObjectId, deletedAt: Date | null): Promise<void>;
}

/**
 * The rooms that follow messages, which this one does not know. `MessagesRepository` tells them of
 * every write, so that no way of writing a message can forget it.
 */
@Injectable()
export class MessageIndexes implements MessageIndex {
  private readonly indexes: MessageIndex[] = [];

  /** To be called at the start. */
  connect(index: MessageIndex): void {
    this.indexes.push(index);
  }

  async stored(messages: readonly StoredMessage[]): Promise<void> {
    for (const index of this.indexes) await index.stored(messages);
  }

  async changed(message: StoredMessage): Promise<void> {
    for (const index of this.indexes) await index.changed(message);
  }

  async trashed(userId: Types.ObjectId, id: Types.ObjectId, deletedAt: Date | null): Promise<void> {
    for (const index of this.indexes) await index.trashed(userId, id, deletedAt);
  }
}
