import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** What a message was before its text was changed in place. */
@Schema({ collection: 'message_revisions', versionKey: false })
export class StoredRevision {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  session_id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  message_id!: Types.ObjectId;

  /** 1 for the oldest. */
  @Prop({ type: Number, required: true })
  revision!: number;

  @Prop({ type: String, default: '' })
  content!: string;

  /** When this text was written, not when it was replaced. */
  @Prop({ type: Date, required: true })
  created_at!: Date;

  /** That of its message, so that the database removes both at the same time; or absent. */
  @Prop({ type: Date })
  deleted_at?: Date | null;
}

export const RevisionSchema = SchemaFactory.createForClass(StoredRevision);

// The revisions of a message in their order, and its latest: `RevisionsRepository`. Unique: of two
// edits at once through two processes without transactions, one fails instead of hiding the other.
RevisionSchema.index({ user_id: 1, message_id: 1, revision: 1 }, { unique: true });
