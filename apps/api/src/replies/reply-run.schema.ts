import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** A reply that is being written; it is gone as soon as the reply has ended. */
@Schema({ collection: 'reply_runs', versionKey: false })
export class StoredRun {
  /** The reply's message. */
  @Prop({ type: Types.ObjectId, required: true })
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  session_id!: Types.ObjectId;

  /** What the reply answers; two versions of one answer are not written at the same time. */
  @Prop({ type: Types.ObjectId, default: null })
  parent_id!: Types.ObjectId | null;

  @Prop({ type: Number, required: true })
  attempt!: number;

  /** 0 to the limit of running replies; unique for the user, which is what enforces the limit. */
  @Prop({ type: Number, required: true })
  slot!: number;

  /** The process that writes it: `reply_owners`. */
  @Prop({ type: String, required: true })
  owner!: string;

  @Prop({ type: Boolean, required: true, default: false })
  stop_requested!: boolean;

  /** How many other processes have somebody who follows it. */
  @Prop({ type: Number, required: true, default: 0 })
  remote_readers!: number;

  @Prop({ type: Date, required: true })
  started_at!: Date;
}

export const RunSchema = SchemaFactory.createForClass(StoredRun);

// A user's running replies, and no more of them than are allowed: `ReplyRunsRepository.claim`.
RunSchema.index({ user_id: 1, slot: 1 }, { unique: true });
// Which of a process's replies are to be stopped: `stopRequests`, and all of them: `ownedBy`.
RunSchema.index({ owner: 1, stop_requested: 1 });
