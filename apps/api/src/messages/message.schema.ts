import {
  FINISH_REASONS,
  MESSAGE_ROLES,
  MESSAGE_STATUSES,
  type FinishReason,
  type MessageRole,
  type MessageStatus,
  type Problem,
  type TokenUsage,
} from '@chat/shared-types';
import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema, Types } from 'mongoose';

/** How much of one attempt at a reply was kept when the next began, in UTF-16 code units. */
export interface KeptLengths {
  readonly content: number;
  readonly reasoning: number;
}

/** Who put an emoji on a message. */
export interface StoredReaction {
  readonly emoji: string;
  readonly users: readonly Types.ObjectId[];
}

/** A message as it is stored: a node of its session's tree. */
@Schema({ collection: 'messages', versionKey: false })
export class StoredMessage {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  session_id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  /** Exactly as it was sent. The limits are those of who writes: a user's DTO, a reply's own. */
  @Prop({ type: String, default: '' })
  content!: string;

  @Prop({ type: String, required: true, enum: MESSAGE_ROLES })
  role!: MessageRole;

  /** Later than that of every message stored in the session before, its parent among them. */
  @Prop({ type: Date, required: true })
  created_at!: Date;

  /** Never changes, also where that message goes to the trash: lists leave it out then. */
  @Prop({ type: Types.ObjectId, default: null })
  parent_id!: Types.ObjectId | null;

  /** The branch it belongs to (`StoredBranch`); null for the trunk, where every session begins. */
  @Prop({ type: Types.ObjectId, default: null })
  branch_id!: Types.ObjectId | null;

  @Prop({ type: String, required: true, enum: MESSAGE_STATUSES, default: 'complete' })
  status!: MessageStatus;

  @Prop({ type: String, default: null })
  model!: string | null;

  @Prop({ type: String, enum: [...FINISH_REASONS, null], default: null })
  finish_reason!: FinishReason | null;

  @Prop({ type: MongooseSchema.Types.Mixed, default: null })
  usage!: TokenUsage | null;

  @Prop({ type: String, default: null })
  reasoning!: string | null;

  @Prop({ type: MongooseSchema.Types.Mixed, default: null })
  error!: Problem | null;

  @Prop({ type: Date, default: null })
  edited_at!: Date | null;

  /** In the order in which the kinds first came; none without a user. */
  @Prop({ type: [MongooseSchema.Types.Mixed], default: [] })
  reactions!: StoredReaction[];

  /** How often a model was asked for it: 0 for what is no reply, one more with each continuation. */
  @Prop({ type: Number, required: true, default: 0 })
  attempt!: number;

  /** Entry i: what of attempt i + 1 was kept when attempt i + 2 began. */
  @Prop({ type: [MongooseSchema.Types.Mixed], default: [] })
  kept_lengths!: KeptLengths[];

  @Prop({ type: Boolean, required: true, default: false })
  deleted!: boolean;

  @Prop({ type: Date, default: null })
  deleted_at!: Date | null;
}

export const MessageSchema = SchemaFactory.createForClass(StoredMessage);

// The whole tree of a session in both orders, live or in the trash: `MessagesRepository.list`, and
// `countLive` where a count has to be mended.
MessageSchema.index({ user_id: 1, session_id: 1, deleted: 1, created_at: 1, _id: 1 });
// One branch in both orders: every list of a path, `MessagesRepository.stretch`, and the ends of
// branches, `MessageTree`.
MessageSchema.index({ user_id: 1, session_id: 1, branch_id: 1, deleted: 1, created_at: 1, _id: 1 });
// The versions of a message: `MessagesRepository.children`.
MessageSchema.index({ user_id: 1, session_id: 1, parent_id: 1, created_at: 1, _id: 1 });
// What is in the trash, of all sessions, the last deleted first: `TrashRepository.trashedMessages`.
MessageSchema.index(
  { user_id: 1, deleted: 1, deleted_at: -1, _id: -1 },
  { partialFilterExpression: { deleted: true } },
);
