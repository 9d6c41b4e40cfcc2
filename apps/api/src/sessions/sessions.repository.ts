import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type Model, type mongo, type Types } from 'mongoose';
import { currentSession } from '../persistence/current-session.js';
import { StoredSession } from './session.schema.js';
import { tagKey } from './tags.js';

/** What an owner may set; what is absent stays. */
export type SessionSettings = Partial<
  Pick<
    StoredSession,
    'title' | 'model' | 'system_prompt' | 'folder_id' | 'pinned' | 'archived' | 'tags' | 'unread'
  >
>;

/** Which branch of its tree a session shows. */
export type ShownBranch = Pick<
  StoredSession,
  'tip_id' | 'tip_branch_id' | 'active_message_id' | 'shown_before'
>;

/** What of a session says how its messages are read. */
export type SessionTree = Pick<StoredSession, '_id' | 'branched' | 'change_number'> & ShownBranch;

/** Messages that are about to be stored in a session. */
export interface MessagesToRecord {
  /** When the first is stored; the others follow a millisecond apart. */
  readonly at: Date;
  readonly count: 1 | 2;
  /** The id of the last of them: the new end of the branch that is shown. */
  readonly tipId: Types.ObjectId;
  /** The branch they belong to; the one that is shown when absent. */
  readonly branch?: { readonly id: Types.ObjectId | null; readonly isNew: boolean };
}

const TREE_FIELDS = {
  branched: 1,
  change_number: 1,
  tip_id: 1,
  tip_branch_id: 1,
  active_message_id: 1,
  shown_before: 1,
} as const;

/** The only access to single sessions; every method sees those of one owner alone. */
@Injectable()
export class SessionsRepository {
  constructor(@InjectModel(StoredSession.name) private readonly model: Model<StoredSession>) {}

  async create(userId: Types.ObjectId, title: string): Promise<StoredSession> {
    const now = new Date();
    const session = await this.model.create({
      user_id: userId,
      title,
      last_activity_at: now,
      changed_at: now,
    });
    return session.toObject();
  }

  /** Stores a session that was built whole. */
  async insert(session: StoredSession): Promise<void> {
    await this.model.insertMany([session], { lean: true });
  }

  findLive(userId: Types.ObjectId, id: Types.ObjectId): Promise<StoredSession | null> {
    return this.model.findOne({ _id: id, user_id: userId, deleted: false }).lean().exec();
  }

  /** Cheaper than `findLive`, for those who only read messages. */
  findTree(userId: Types.ObjectId, id: Types.ObjectId): Promise<SessionTree | null> {
    return this.model
      .findOne({ _id: id, user_id: userId, deleted: false }, TREE_FIELDS)
      .lean<SessionTree>()
      .exec();
  }

  /**
   * What changed at or after a time, oldest change first, those in the trash included.
   *
   * @param limit at most so many.
   */
  changedSince(
    userIds: readonly Types.ObjectId[],
    since: Date,
    limit: number,
  ): Promise<StoredSession[]> {
    return this.model
      .find({ user_id: trusted({ $in: userIds }), changed_at: trusted({ $gte: since }) })
      .sort({ changed_at: 1 })
      .limit(limit)
      .lean()
      .exec();
  }

  /**
   * No activity: lists keep their order. To have read a session, or not, is no change of it either,
   * so `unread` alone leaves `updated_at`.
   *
   * @returns the session as it is then, or null where there is no such live session.
   */
  update(
    userId: Types.ObjectId,
    id: Types.ObjectId,
    settings: SessionSettings,
  ): Promise<StoredSession | null> {
    const set = given(settings);
    const names = Object.keys(set);
    const isOnlyMark = names.length > 0 && names.every((name) => name === 'unread');
    return this.model
      .findOneAndUpdate(
        { _id: id, user_id: userId, deleted: false },
        { $set: set, ...changed() },
        { returnDocument: 'after', timestamps: !isOnlyMark },
      )
      .lean()
      .exec();
  }

  /**
   * Replaces a title that was not chosen by the owner; no activity.
   *
   * @returns the session, or null where it is gone or has another title by now.
   */
  retitle(
    userId: Types.ObjectId,
    id: Types.ObjectId,
    from: string,
    to: string,
  ): Promise<StoredSession | null> {
    return this.model
      .findOneAndUpdate(
        { _id: id, user_id: userId, deleted: false, title: from },
        { $set: { title: to }, ...changed() },
        { returnDocument: 'after', timestamps: false },
      )
      .lean()
      .exec();
  }

  /** Whether a session is there, whatever became of it. */
  async whereabouts(
    userId: Types.ObjectId,
    id: Types.ObjectId,
  ): Promise<'live' | 'trash' | 'gone'> {
    const session = await this.model
      .findOne({ _id: id, user_id: userId }, { deleted: 1 })
      .lean<Pick<StoredSession, 'deleted'>>()
      .exec();
    if (session === null) return 'gone';
    return session.deleted ? 'trash' : 'live';
  }

  /** @returns whether there was a live session to delete. */
  async softDelete(userId: Types.ObjectId, id: Types.ObjectId, at: Date): Promise<boolean> {
    const { modifiedCount } = await this.model.updateOne(
      { _id: id, user_id: userId, deleted: false },
      { $set: { deleted: true, deleted_at: at }, ...changed(at) },
      { timestamps: false },
    );
    return modifiedCount === 1;
  }

  /** @returns the session, live again, or null where none of this id was in the trash. */
  restore(userId: Types.ObjectId, id: Types.ObjectId): Promise<StoredSession | null> {
    return this.model
      .findOneAndUpdate(
        { _id: id, user_id: userId, deleted: true },
        { $set: { deleted: false, deleted_at: null }, ...changed() },
        { returnDocument: 'after', timestamps: false },
      )
      .lean()
      .exec();
  }

  /**
   * Counts messages that are stored next, notes the activity and shows their branch. The write also
   * holds the session until the transaction ends, so sends to one session follow one another and
   * meet no deleted session.
   *
   * @returns the session as it was before, or null where there is no such live session.
   */
  recordMessages(
    userId: Types.ObjectId,
    id: Types.ObjectId,
    { at, count, tipId, branch }: MessagesToRecord,
  ): Promise<StoredSession | null> {
    const last = new Date(at.getTime() + count - 1);
    // By the driver itself, for every message sent: everything here has its stored type already.
    const collection = this.model.collection as unknown as mongo.Collection<StoredSession>;
    return collection.findOneAndUpdate(
      { _id: id, user_id: userId, deleted: false },
      {
        $inc: { message_count: count, change_number: 1 },
        $max: { last_message_at: last, last_activity_at: last, updated_at: last, changed_at: at },
        $set: {
          tip_id: tipId,
          active_message_id: tipId,
          shown_before: null,
          ...(branch === undefined ? {} : { tip_branch_id: branch.id }),
          ...(branch?.isNew === true ? { branched: true } : {}),
        },
      },
      { returnDocument: 'before', session: currentSession() },
    );
  }

  /** Moves the last activity of a session that `recordMessages` has just written. */
  async moveActivity(userId: Types.ObjectId, id: Types.ObjectId, at: Date): Promise<void> {
    await this.model.updateOne(
      { _id: id, user_id: userId },
      { $set: { last_message_at: at, last_activity_at: at, updated_at: at } },
      { timestamps: false },
    );
  }

  /**
   * Changes the count because a message went to the trash (-1) or came back (+1), which is no
   * change of the session to its owner: both together leave it as it was. As `recordMessages`, it
   * holds the session until the transaction ends.
   *
   * @returns which branch it shows, or null where there is no such live session.
   */
  changeCount(userId: Types.ObjectId, id: Types.ObjectId, by: 1 | -1): Promise<SessionTree | null> {
    return this.model
      .findOneAndUpdate(
        { _id: id, user_id: userId, deleted: false },
        {
          $inc: { message_count: by, change_number: 1 },
          $max: { changed_at: new Date() },
        },
        { returnDocument: 'before', projection: TREE_FIELDS, timestamps: false },
      )
      .lean<SessionTree>()
      .exec();
  }

  /** Shows another branch, or another end of the same one. */
  async show(userId: Types.ObjectId, id: Types.ObjectId, shown: ShownBranch): Promise<void> {
    await this.model.updateOne(
      { _id: id, user_id: userId },
      { $set: shown, ...changed() },
      { timestamps: false },
    );
  }

  /** Notes that something of the session's messages changed that moves neither count nor activity. */
  async touch(userId: Types.ObjectId, id: Types.ObjectId): Promise<void> {
    await this.model.updateOne({ _id: id, user_id: userId }, changed(), { timestamps: false });
  }

  /** Notes that a reply has ended which nobody was reading; as `touch`, no activity. */
  async markUnread(userId: Types.ObjectId, id: Types.ObjectId): Promise<void> {
    await this.model.updateOne(
      { _id: id, user_id: userId },
      { $set: { unread: true }, ...changed() },
      { timestamps: false },
    );
  }

  /** Every session of every owner with its count, for `CountRepair` alone; by the index on `_id`. */
  everyCount(): AsyncIterable<Pick<StoredSession, '_id' | 'user_id' | 'message_count'>> {
    return this.model.find({}, { user_id: 1, message_count: 1 }).sort({ _id: 1 }).lean().cursor();
  }

  /** Every session that was stored before messages were trees, for `TreeUpgrade` alone. */
  everyWithoutTree(): AsyncIterable<Pick<StoredSession, '_id' | 'user_id'>> {
    return this.model
      .find({ change_number: trusted({ $exists: false }) }, { user_id: 1 })
      .sort({ _id: 1 })
      .lean()
      .cursor();
  }

  /** Gives a session of that time what it lacks. */
  async giveTree(userId: Types.ObjectId, id: Types.ObjectId, shown: ShownBranch): Promise<void> {
    const others = { model: null, system_prompt: null, branched: false };
    await this.model.updateOne(
      { _id: id, user_id: userId },
      { $set: { ...others, ...shown }, ...changed() },
      { timestamps: false },
    );
  }

  /**
   * Gives every session that was stored before sessions were put in order what it lacks, for
   * `OrderUpgrade` alone.
   *
   * @returns to how many.
   */
  async giveOrder(): Promise<number> {
    const { modifiedCount } = await this.model.updateMany(
      { tag_keys: trusted({ $exists: false }) },
      {
        $set: {
          folder_id: null,
          pinned: false,
          archived: false,
          tags: [],
          tag_keys: [],
          unread: false,
        },
      },
      { timestamps: false },
    );
    return modifiedCount;
  }

  /** Sets a count that was found wrong. */
  async setCount(userId: Types.ObjectId, id: Types.ObjectId, count: number): Promise<void> {
    await this.model.updateOne(
      { _id: id, user_id: userId },
      { $set: { message_count: count }, ...changed() },
      { timestamps: false },
    );
  }
}

/** Without what is undefined, which would be stored as null. */
function given(settings: SessionSettings): Partial<StoredSession> {
  const members = Object.entries(settings).filter(
    ([, value]: [string, unknown]) => value !== undefined,
  );
  const { tags } = settings;
  return {
    ...(Object.fromEntries(members) as SessionSettings),
    ...(tags === undefined ? {} : { tag_keys: tags.map(tagKey) }),
  };
}

/** The part of an update that tells those who follow the changes. */
export function changed(at = new Date()): {
  $max: { changed_at: Date };
  $inc: { change_number: number };
} {
  return { $max: { changed_at: at }, $inc: { change_number: 1 } };
}
