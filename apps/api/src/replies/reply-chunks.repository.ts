import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type Model, type Types } from 'mongoose';
import { StoredChunk } from './reply-chunk.schema.js';

/** Which try of which reply. Whoever asks has found the message among its owner's. */
export interface AttemptKey {
  readonly messageId: Types.ObjectId;
  readonly attempt: number;
}

const DUPLICATE_KEY = 11_000;

/** The only access to the log of running replies. */
@Injectable()
export class ReplyChunksRepository {
  constructor(@InjectModel(StoredChunk.name) private readonly model: Model<StoredChunk>) {}

  /** Writes chunks of any replies in one command. One that is there already is no error: it was
   * written before, and only the answer got lost. */
  async append(chunks: readonly StoredChunk[]): Promise<void> {
    try {
      await this.model.insertMany(chunks, { lean: true, ordered: false });
    } catch (error) {
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
    }
  }

  /** The chunks of a try from `seq` on, in order. */
  from({ messageId, attempt }: AttemptKey, seq: number): Promise<StoredChunk[]> {
    return this.model
      .find({ message_id: messageId, attempt, seq: trusted({ $gte: seq }) })
      .sort({ message_id: 1, attempt: 1, seq: 1 })
      .lean()
      .exec();
  }

  /** Every try of these replies. */
  async deleteOf(messageIds: readonly Types.ObjectId[]): Promise<void> {
    await this.model.deleteMany({ message_id: trusted({ $in: messageIds }) });
  }

  async delete({ messageId, attempt }: AttemptKey): Promise<void> {
    await this.model.deleteMany({ message_id: messageId, attempt });
  }
}
