import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Schema as MongooseSchema, Types } from 'mongoose';

/** Where a branch leaves the one it comes from: the last message that both have. */
export interface Fork {
  readonly _id: Types.ObjectId;
  readonly created_at: Date;
}

/**
 * A run of messages, each the parent of the next, that left another one: made where a message gets
 * a second child. The trunk, which every session begins with, has no document.
 *
 * A path from the root to a message is so a few stretches of branches, each one range of an index,
 * and costs what is read of it, however many messages and branches there are beside it.
 */
@Schema({ collection: 'branches', versionKey: false })
export class StoredBranch {
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  session_id!: Types.ObjectId;

  /** The branch that it left; null for the trunk. */
  @Prop({ type: Types.ObjectId, default: null })
  parent_branch_id!: Types.ObjectId | null;

  /** Null where it begins at the root: a first message beside the first one. */
  @Prop({ type: MongooseSchema.Types.Mixed, default: null })
  fork!: Fork | null;

  /** That of its first message. */
  @Prop({ type: Date, required: true })
  created_at!: Date;
}

export const BranchSchema = SchemaFactory.createForClass(StoredBranch);

// All branches of a session: `BranchesRepository.ofSession`.
BranchSchema.index({ user_id: 1, session_id: 1, _id: 1 });
