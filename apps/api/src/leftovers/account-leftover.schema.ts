import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** An account that was deleted, for as long as anything of it may still be stored. */
@Schema({ collection: 'account_leftovers', versionKey: false })
export class AccountLeftover {
  /** The user's. */
  _id!: Types.ObjectId;

  /** When to look next. */
  @Prop({ type: Date, required: true })
  due_at!: Date;

  /** Whether everything was removed once; the second time is for what came in meanwhile. */
  @Prop({ type: Boolean, required: true, default: false })
  swept!: boolean;
}

export const AccountLeftoverSchema = SchemaFactory.createForClass(AccountLeftover);

// Which accounts are due: `LeftoversRepository.dueAccounts`.
AccountLeftoverSchema.index({ due_at: 1 });
