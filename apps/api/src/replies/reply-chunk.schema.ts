import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** Longer than any reply may take; nobody needs what a lost race leaves behind. */
const RETENTION_SECONDS = 24 * 60 * 60;

/** The text that a running reply gained since the chunk before; gone once the reply has ended. */
@Schema({ collection: 'reply_chunks', versionKey: false })
export class StoredChunk {
  @Prop({ type: Types.ObjectId, required: true })
  message_id!: Types.ObjectId;

  @Prop({ type: Number, required: true })
  attempt!: number;

  /** 0, 1, 2, … within the attempt, without gaps. */
  @Prop({ type: Number, required: true })
  seq!: number;

  @Prop({ type: String, default: '' })
  text!: string;

  @Prop({ type: String, default: '' })
  reasoning!: string;

  @Prop({ type: Date, required: true })
  written_at!: Date;
}

export const ChunkSchema = SchemaFactory.createForClass(StoredChunk);

// What a reader has not seen yet, in order, and all of a reply at its end: `ReplyChunksRepository`.
ChunkSchema.index({ message_id: 1, attempt: 1, seq: 1 }, { unique: true });
// The database forgets by itself.
ChunkSchema.index({ written_at: 1 }, { expireAfterSeconds: RETENTION_SECONDS });
