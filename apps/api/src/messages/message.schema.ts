import { LIMITS, MESSAGE_ROLES, type MessageRole } from '@chat/shared-types';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** A message as it is stored. */
@Schema({ collection: 'messages', versionKey: false })
export class StoredMessage {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  session_id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  /** Exactly as it was sent. */
  @Prop({ type: String, required: true, maxlength: LIMITS.messageContent.max })
  content!: string;

  @Prop({ type: String, required: true, enum: MESSAGE_ROLES })
  role!: MessageRole;

  /** Later than that of every message stored in the session before. */
  @Prop({ type: Date, required: true })
  created_at!: Date;

  @Prop({ type: Boolean, required: true, default: false })
  deleted!: boolean;

  @Prop({ type: Date, default: null })
  deleted_at!: Date | null;
}

export const MessageSchema = SchemaFactory.createForClass(StoredMessage);

// The messages of a session in both orders, live or in the trash: `MessagesRepository.list`, and
// `countLive` where a count has to be mended.
MessageSchema.index({ user_id: 1, session_id: 1, deleted: 1, created_at: 1, _id: 1 });
