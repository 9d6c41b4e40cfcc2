import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { Types } from 'mongoose';

/** How long a key is remembered, in seconds. */
const RETENTION_SECONDS = 24 * 60 * 60;

/** The first result of a request that was sent with an `Idempotency-Key`. */
@Schema({ collection: 'idempotency_records', versionKey: false })
export class IdempotencyRecord {
  @Prop({ type: Types.ObjectId, required: true })
  user_id!: Types.ObjectId;

  /** Method and path: the same key on another address is another request. */
  @Prop({ type: String, required: true })
  scope!: string;

  @Prop({ type: String, required: true })
  key!: string;

  /** A hash of the body, to tell a retry from another request. */
  @Prop({ type: String, required: true })
  fingerprint!: string;

  /** The answer, as JSON. */
  @Prop({ type: String, required: true })
  answer!: string;

  @Prop({ type: Date, required: true })
  created_at!: Date;
}

export const IdempotencyRecordSchema = SchemaFactory.createForClass(IdempotencyRecord);

// The look-up by key, and what makes two requests with one key meet: `Idempotency.once`.
IdempotencyRecordSchema.index({ user_id: 1, scope: 1, key: 1 }, { unique: true });
// The database forgets by itself.
IdempotencyRecordSchema.index({ created_at: 1 }, { expireAfterSeconds: RETENTION_SECONDS });
