import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import mongoose, { type Model } from 'mongoose';
import { RevocationRecord } from './revocation.schema.js';

/** Reads and writes what was revoked. */
@Injectable()
export class RevocationsRepository {
  constructor(
    @InjectModel(RevocationRecord.name) private readonly records: Model<RevocationRecord>,
  ) {}

  /** In the caller's transaction, where there is one; again changes nothing that matters. */
  async add(keys: readonly string[], now: Date, expiresAt: Date): Promise<void> {
    if (keys.length === 0) return;
    await this.records.bulkWrite(
      keys.map((_id) => ({
        updateOne: {
          filter: { _id },
          update: { $set: { revoked_at: now, expires_at: expiresAt } },
          upsert: true,
        },
      })),
      { ordered: false },
    );
  }

  /** What was revoked at or after a time. */
  since(time: Date): Promise<RevocationRecord[]> {
    return this.records
      .find({ revoked_at: mongoose.trusted({ $gte: time }) })
      .sort({ revoked_at: 1 })
      .lean<RevocationRecord[]>()
      .exec();
  }
}
