import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/**
 * What is stored of a session goes when its time has come, unless there is such a session then: a
 * note that is written before anything can be left behind.
 */
@Schema({ collection: 'session_leftovers', versionKey: false })
export class SessionLeftover {
  /** The session's. */
  _id!: Types.ObjectId;

  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  @Prop({ type: Date, required: true })
  due_at!: Date;

  /** Whether its removal has begun: from then on it can only be finished. */
  @Prop({ type: Boolean, required: true, default: false })
  claimed!: boolean;
}

export const SessionLeftoverSchema = SchemaFactory.createForClass(SessionLeftover);

// What is due, of everybody: `LeftoversRepository.due`.
SessionLeftoverSchema.index({ due_at: 1 });
// What is due of one user: `LeftoversRepository.due`; and all of an account that is gone.
SessionLeftoverSchema.index({ user_id: 1, due_at: 1 });
