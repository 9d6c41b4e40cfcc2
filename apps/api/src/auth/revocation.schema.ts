import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/**
 * A login that was ended, or a user who is gone, for as long as an access token of theirs could
 * still be good.
 */
@Schema({ collection: 'revocations', versionKey: false })
export class RevocationRecord {
  /** Names the login or the user, hashed: of a deleted account not even its id is kept. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** By the clock of the process that ended it. */
  @Prop({ type: Date, required: true })
  revoked_at!: Date;

  @Prop({ type: Date, required: true })
  expires_at!: Date;
}

export const RevocationSchema = SchemaFactory.createForClass(RevocationRecord);

// What was revoked lately, through any process: `RevocationsRepository.since`.
RevocationSchema.index({ revoked_at: 1 });
// Read by the database's own clean-up of what no token can be good for any more.
RevocationSchema.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
