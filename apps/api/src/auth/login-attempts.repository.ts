import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { LoginAttemptRecord } from './login-attempt.schema.js';

/**
 * Counters of logins. They are in the database and change atomically, so that several processes
 * count as one.
 */
@Injectable()
export class LoginAttemptsRepository {
  constructor(
    @InjectModel(LoginAttemptRecord.name) private readonly attempts: Model<LoginAttemptRecord>,
  ) {}

  /** Counts one more try and returns how many there are now. */
  async increment(key: string, expiresAt: Date): Promise<number> {
    const counter = await this.attempts
      .findOneAndUpdate(
        { _id: key },
        { $inc: { count: 1 }, $setOnInsert: { expires_at: expiresAt } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<LoginAttemptRecord>()
      .exec();
    return counter.count;
  }

  /** Takes one try back. */
  async decrement(key: string): Promise<void> {
    await this.attempts.updateOne({ _id: key }, { $inc: { count: -1 } });
  }

  async clear(key: string): Promise<void> {
    await this.attempts.deleteOne({ _id: key });
  }
}
