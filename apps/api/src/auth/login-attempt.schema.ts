import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** How many logins were tried for one subject in one window of time. */
@Schema({ collection: 'login_attempts', versionKey: false })
export class LoginAttemptRecord {
  /**
   * Names subject and window, hashed: neither addresses nor mistyped names (now and then a
   * password) are kept. Counting reads and writes by it alone.
   */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: Number, required: true })
  count!: number;

  /** The end of the window. */
  @Prop({ type: Date, required: true })
  expires_at!: Date;
}

export const LoginAttemptSchema = SchemaFactory.createForClass(LoginAttemptRecord);

// Read by the database's own clean-up of windows that have passed.
LoginAttemptSchema.index({ expires_at: 1 }, { expireAfterSeconds: 0 });
