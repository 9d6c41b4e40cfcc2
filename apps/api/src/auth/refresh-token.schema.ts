import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes, type Types } from 'mongoose';

/**
 * One refresh token. Tokens that came from one login, each from the one before, are a family; used
 * ones are kept until they expire, because only so a second use can be told from a made-up token.
 */
@Schema({
  collection: 'refresh_tokens',
  versionKey: false,
  timestamps: { createdAt: 'created_at', updatedAt: false },
})
export class RefreshTokenRecord {
  _id!: Types.ObjectId;

  /** SHA-256 of the token in hex: whoever reads the database cannot sign in with it. */
  @Prop({ type: String, required: true })
  token_hash!: string;

  @Prop({ type: SchemaTypes.ObjectId, required: true })
  family_id!: Types.ObjectId;

  @Prop({ type: SchemaTypes.ObjectId, required: true })
  user_id!: Types.ObjectId;

  /** When it was exchanged for the next one; null while it is the family's newest. */
  @Prop({ type: Date, default: null })
  used_at!: Date | null;

  /** What it came from, in words (`deviceName`); absent on tokens of versions that kept none. */
  @Prop({ type: String })
  device_name?: string;

  @Prop({ type: Date, required: true })
  expires_at!: Date;

  created_at!: Date;
}

export const RefreshTokenSchema = SchemaFactory.createForClass(RefreshTokenRecord);

// Finds the token of a refresh and of a logout.
RefreshTokenSchema.index({ token_hash: 1 }, { unique: true });
// Revokes one family (logout, reuse) or all others of a user (change of the password).
RefreshTokenSchema.index({ user_id: 1, family_id: 1 });
// The newest token of each login of a user, the last used first: `RefreshTokensRepository.newest`.
RefreshTokenSchema.index({ user_id: 1, used_at: 1, created_at: -1, _id: -1 });
// Read by the database's own clean-up of expired tokens.
RefreshTokenSchema.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
