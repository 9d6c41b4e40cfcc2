import { LIMITS } from '@chat/shared-types';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** A chat session as it is stored. */
@Schema({
  collection: 'chat_sessions',
  versionKey: false,
  timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' },
})
export class StoredSession {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: String, required: true, maxlength: LIMITS.sessionTitle.max })
  title!: string;

  /** The number of live messages; changes only in the transaction that changes them. */
  @Prop({ type: Number, required: true, default: 0 })
  message_count!: number;

  @Prop({ type: Date, default: null })
  last_message_at!: Date | null;

  /** `last_message_at`, else `created_at`: what lists sort by, in one field for the index. */
  @Prop({ type: Date, required: true })
  last_activity_at!: Date;

  created_at!: Date;
  updated_at!: Date;

  @Prop({ type: Boolean, required: true, default: false })
  deleted!: boolean;

  @Prop({ type: Date, default: null })
  deleted_at!: Date | null;
}

export const SessionSchema = SchemaFactory.createForClass(StoredSession);

// The list of a user's live sessions, and the trash: `SessionsRepository.list`.
SessionSchema.index({ user_id: 1, deleted: 1, last_activity_at: -1, _id: -1 });
