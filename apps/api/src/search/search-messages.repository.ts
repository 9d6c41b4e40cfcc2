import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo, Types } from 'mongoose';
import { StoredMessage } from '../messages/message.schema.js';

/** What a search reads of a message. */
export type SearchedMessage = Pick<StoredMessage, '_id' | 'content' | 'role'>;

/** The messages of one owner, as a search reads them. */
@Injectable()
export class SearchMessagesRepository {
  constructor(@InjectModel(StoredMessage.name) private readonly model: Model<StoredMessage>) {}

  /**
   * Those of these that there are, live or in the trash. All of each is read: the embedded database
   * hands on stored documents as they are, and would have to take each apart to leave something out.
   */
  ofIds(userId: Types.ObjectId, ids: readonly Types.ObjectId[]): Promise<SearchedMessage[]> {
    const collection = this.model.collection as unknown as mongo.Collection<StoredMessage>;
    return collection
      .find<SearchedMessage>({ _id: { $in: [...ids] }, user_id: userId }, { batchSize: ids.length })
      .toArray();
  }
}
