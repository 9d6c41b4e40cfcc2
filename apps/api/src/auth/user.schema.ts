import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { Types } from 'mongoose';

/** A user as it is stored. */
@Schema({
  collection: 'users',
  versionKey: false,
  timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' },
})
export class UserRecord {
  _id!: Types.ObjectId;

  /** As it was typed at the registration. */
  @Prop({ type: String, required: true })
  username!: string;

  /** `username` in lower case: "Alice" and "alice" are one user. */
  @Prop({ type: String, required: true })
  username_key!: string;

  @Prop({ type: String, required: true })
  display_name!: string;

  /** Argon2id in the PHC string format; never leaves the server. */
  @Prop({ type: String, required: true })
  password_hash!: string;

  created_at!: Date;
  updated_at!: Date;
}

export const UserSchema = SchemaFactory.createForClass(UserRecord);

// Finds the user of a login; refuses a second user of the same name.
UserSchema.index({ username_key: 1 }, { unique: true });
