import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { mongo, Types, type Model } from 'mongoose';
import { UserRecord } from './user.schema.js';

const DUPLICATE_KEY = 11_000;

/** What a new user is made of. */
export interface NewUser {
  readonly username: string;
  readonly displayName: string;
  /** Argon2id, a PHC string. */
  readonly passwordHash: string;
}

/** Reads and writes users. Ids are 24 hex digits. */
@Injectable()
export class UsersRepository {
  constructor(@InjectModel(UserRecord.name) private readonly users: Model<UserRecord>) {}

  findById(id: string): Promise<UserRecord | null> {
    return this.users.findById(id).lean<UserRecord>().exec();
  }

  /** @param username in any case. */
  findByUsername(username: string): Promise<UserRecord | null> {
    return this.users.findOne({ username_key: username.toLowerCase() }).lean<UserRecord>().exec();
  }

  /** Whether there is any user at all. */
  async hasAny(): Promise<boolean> {
    // Sorted by the id so that an index answers it.
    const first = await this.users.findOne().sort({ _id: 1 }).select({ _id: 1 }).lean().exec();
    return first !== null;
  }

  /** @returns the stored user, or undefined where the name is taken. */
  async add(user: NewUser): Promise<UserRecord | undefined> {
    try {
      const [stored] = await this.users.create([
        {
          username: user.username,
          username_key: user.username.toLowerCase(),
          display_name: user.displayName,
          password_hash: user.passwordHash,
        },
      ]);
      return stored?.toObject<UserRecord>();
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
  }

  /** @returns the changed user, or null where there is none. */
  rename(id: string, displayName: string): Promise<UserRecord | null> {
    return this.users
      .findOneAndUpdate(
        { _id: new Types.ObjectId(id) },
        { $set: { display_name: displayName } },
        { returnDocument: 'after' },
      )
      .lean<UserRecord>()
      .exec();
  }

  /**
   * Deletes a user for good, if the password still is the one that was checked.
   *
   * @returns whether it was.
   */
  async delete(id: string, checked: string): Promise<boolean> {
    const { deletedCount } = await this.users.deleteOne({
      _id: new Types.ObjectId(id),
      password_hash: checked,
    });
    return deletedCount === 1;
  }

  /**
   * Replaces the hash if it still is the one that was checked.
   *
   * @returns the changed user, or null where another change came first.
   */
  replacePasswordHash(id: string, checked: string, next: string): Promise<UserRecord | null> {
    return this.users
      .findOneAndUpdate(
        { _id: new Types.ObjectId(id), password_hash: checked },
        { $set: { password_hash: next } },
        { returnDocument: 'after' },
      )
      .lean<UserRecord>()
      .exec();
  }
}

function isDuplicate(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}
