import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import mongoose, { Types, type Model } from 'mongoose';
import { RefreshTokenRecord } from './refresh-token.schema.js';

/** A token to store: its hash, never itself. */
export interface NewRefreshToken {
  /** SHA-256 in hex. */
  readonly hash: string;
  readonly userId: Types.ObjectId;
  readonly familyId: Types.ObjectId;
  readonly expiresAt: Date;
}

/** Reads and writes refresh tokens. Every method takes part in the transaction around it. */
@Injectable()
export class RefreshTokensRepository {
  constructor(
    @InjectModel(RefreshTokenRecord.name) private readonly tokens: Model<RefreshTokenRecord>,
  ) {}

  async add({ hash, userId, familyId, expiresAt }: NewRefreshToken): Promise<void> {
    await this.tokens.create([
      { token_hash: hash, user_id: userId, family_id: familyId, expires_at: expiresAt },
    ]);
  }

  /** The token, used or not; null where it is unknown, or expired at `now`. */
  find(hash: string, now: Date): Promise<RefreshTokenRecord | null> {
    return this.tokens
      .findOne({ token_hash: hash, expires_at: mongoose.trusted({ $gt: now }) })
      .lean<RefreshTokenRecord>()
      .exec();
  }

  /** Marks a token as used; null where it already was, is unknown, or expired at `now`. */
  markUsed(hash: string, now: Date): Promise<RefreshTokenRecord | null> {
    return this.tokens
      .findOneAndUpdate(
        { token_hash: hash, used_at: null, expires_at: mongoose.trusted({ $gt: now }) },
        { $set: { used_at: now } },
        { returnDocument: 'after' },
      )
      .lean<RefreshTokenRecord>()
      .exec();
  }

  async deleteFamily(userId: Types.ObjectId, familyId: Types.ObjectId): Promise<void> {
    await this.tokens.deleteMany({ user_id: userId, family_id: familyId });
  }

  /** @param kept the one family that stays; undefined deletes all of them. */
  async deleteFamiliesExcept(
    userId: Types.ObjectId,
    kept: Types.ObjectId | undefined,
  ): Promise<void> {
    await this.tokens.deleteMany({
      user_id: userId,
      ...(kept === undefined ? {} : { family_id: mongoose.trusted({ $ne: kept }) }),
    });
  }
}
