import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import mongoose, { Types, type Model } from 'mongoose';
import { behind, rowsToRead, toPage, type Page, type PageRequest } from '../common/paging/page.js';
import { RefreshTokenRecord } from './refresh-token.schema.js';

/** A token to store: its hash, never itself. */
export interface NewRefreshToken {
  /** SHA-256 in hex. */
  readonly hash: string;
  readonly userId: Types.ObjectId;
  readonly familyId: Types.ObjectId;
  /** In words for its owner. */
  readonly deviceName: string;
  readonly expiresAt: Date;
}

/** Reads and writes refresh tokens. Every method takes part in the transaction around it. */
@Injectable()
export class RefreshTokensRepository {
  constructor(
    @InjectModel(RefreshTokenRecord.name) private readonly tokens: Model<RefreshTokenRecord>,
  ) {}

  async add({ hash, userId, familyId, deviceName, expiresAt }: NewRefreshToken): Promise<void> {
    await this.tokens.create([
      {
        token_hash: hash,
        user_id: userId,
        family_id: familyId,
        device_name: deviceName,
        expires_at: expiresAt,
      },
    ]);
  }

  /** The newest token of every login that lasts at `now`, the last renewed first. */
  async newest(
    userId: Types.ObjectId,
    now: Date,
    request: PageRequest,
  ): Promise<Page<RefreshTokenRecord>> {
    const rows = await this.tokens
      .find({
        user_id: userId,
        used_at: null,
        expires_at: mongoose.trusted({ $gt: now }),
        ...behind('created_at', -1, request.after),
      })
      .sort({ created_at: -1, _id: -1 })
      .limit(rowsToRead(request))
      .lean<RefreshTokenRecord[]>()
      .exec();
    return toPage(rows, request, ({ created_at }) => created_at);
  }

  /** Every login of a user of which a token is kept. */
  async families(userId: Types.ObjectId): Promise<Types.ObjectId[]> {
    const rows = await this.tokens
      .find({ user_id: userId }, { family_id: 1 })
      .lean<Pick<RefreshTokenRecord, 'family_id'>[]>()
      .exec();
    return [...new Map(rows.map(({ family_id }) => [family_id.toHexString(), family_id])).values()];
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

  /** @returns whether there was one. */
  async deleteFamily(userId: Types.ObjectId, familyId: Types.ObjectId): Promise<boolean> {
    const { deletedCount } = await this.tokens.deleteMany({
      user_id: userId,
      family_id: familyId,
    });
    return deletedCount > 0;
  }

  async deleteFamilies(
    userId: Types.ObjectId,
    familyIds: readonly Types.ObjectId[],
  ): Promise<void> {
    await this.tokens.deleteMany({
      user_id: userId,
      family_id: mongoose.trusted({ $in: familyIds }),
    });
  }
}
