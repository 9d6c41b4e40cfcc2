import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { mongo, trusted, type Model, type QueryFilter, type Types } from 'mongoose';
import { ProblemException } from '../common/problem/problem.exception.js';
import { currentSession } from '../persistence/current-session.js';
import { StoredRun } from './reply-run.schema.js';

/** What a new run must not meet. */
export interface RunRequest {
  readonly id: Types.ObjectId;
  readonly userId: Types.ObjectId;
  readonly sessionId: Types.ObjectId;
  readonly parentId: Types.ObjectId | null;
  readonly attempt: number;
  readonly owner: string;
  /** How many of the user's replies may run at once, this one among them. */
  readonly limit: number;
  /** `session`: no other reply of the session may run; `parent`: none with the same parent. */
  readonly alone: 'session' | 'parent';
}

const DUPLICATE_KEY = 11_000;

/** Another process took the same slot of the user at the same moment: the claim is made again. */
export class SlotTaken extends ProblemException {
  constructor(cause: unknown) {
    super('conflict', { cause });
  }
}

/** The only access to running replies. */
@Injectable()
export class ReplyRunsRepository {
  constructor(@InjectModel(StoredRun.name) private readonly model: Model<StoredRun>) {}

  /**
   * Notes that a reply is being written. Two claims at once cannot both win: in one session they
   * both write the session, which the database lets only one do, and over all sessions of a user
   * they would take the same slot.
   *
   * @throws a 409 where another reply is in the way, a 429 where too many run; `SlotTaken`.
   */
  async claim(request: RunRequest): Promise<void> {
    const { id, userId, sessionId, parentId, attempt, owner, limit } = request;
    const running = await this.model
      .find({ user_id: userId }, { session_id: 1, parent_id: 1, slot: 1 })
      .lean()
      .exec();
    if (running.some((run) => isInTheWay(run, request)))
      throw new ProblemException('reply-running');
    const taken = new Set(running.map(({ slot }) => slot));
    const free = Array.from({ length: limit }, (_, i) => i).filter((i) => !taken.has(i));
    // Any of them: the first one would be what every other process takes at this moment.
    const slot = free[Math.floor(Math.random() * free.length)];
    if (slot === undefined) {
      throw new ProblemException('too-many-replies', { headers: { 'Retry-After': '5' } });
    }
    const run: StoredRun = {
      _id: id,
      user_id: userId,
      session_id: sessionId,
      parent_id: parentId,
      attempt,
      slot,
      owner,
      stop_requested: false,
      remote_readers: 0,
      started_at: new Date(),
    };
    await this.insert(run);
  }

  /** What of these is still being written. */
  running(ids: readonly Types.ObjectId[]): Promise<StoredRun[]> {
    return this.model
      .find({ _id: trusted({ $in: ids }) })
      .lean()
      .exec();
  }

  /** Notes that a process begins (1) or ends (-1) to follow what another one writes. */
  async countReader(id: Types.ObjectId, attempt: number, by: 1 | -1): Promise<void> {
    await this.model.updateOne({ _id: id, attempt }, { $inc: { remote_readers: by } });
  }

  /** Whether any process follows it that does not write it. */
  async isFollowed(id: Types.ObjectId, attempt: number): Promise<boolean> {
    const run = await this.model.findOne({ _id: id, attempt }, { remote_readers: 1 }).lean().exec();
    return (run?.remote_readers ?? 0) > 0;
  }

  /** Asks whoever writes it to stop. */
  async requestStop(userId: Types.ObjectId, id: Types.ObjectId): Promise<void> {
    await this.stopAll({ _id: id, user_id: userId });
  }

  /** The same for all replies of these sessions. */
  async requestStopIn(
    userId: Types.ObjectId,
    sessionIds: readonly Types.ObjectId[],
  ): Promise<void> {
    await this.stopAll({ user_id: userId, session_id: trusted({ $in: sessionIds }) });
  }

  /** Which of a process's replies somebody wants stopped. */
  async stopRequests(owner: string): Promise<Types.ObjectId[]> {
    const runs = await this.model.find({ owner, stop_requested: true }, { _id: 1 }).lean().exec();
    return runs.map(({ _id }) => _id);
  }

  async ownedBy(owner: string): Promise<Types.ObjectId[]> {
    const runs = await this.model.find({ owner }, { _id: 1 }).lean().exec();
    return runs.map(({ _id }) => _id);
  }

  /** Every running reply of every user, for the reaper alone; by the index on `_id`. */
  all(): Promise<StoredRun[]> {
    return this.model.find({}).sort({ _id: 1 }).lean().exec();
  }

  async delete(id: Types.ObjectId, attempt: number): Promise<void> {
    await this.model.deleteOne({ _id: id, attempt });
  }

  private async insert(run: StoredRun): Promise<void> {
    const collection = this.model.collection as unknown as mongo.Collection<StoredRun>;
    try {
      await collection.insertOne(run, { session: currentSession() });
    } catch (error) {
      if (error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY) {
        const { keyPattern } = error as { keyPattern?: Readonly<Record<string, unknown>> };
        if (keyPattern !== undefined && 'slot' in keyPattern) throw new SlotTaken(error);
      }
      throw error;
    }
  }

  private async stopAll(filter: QueryFilter<StoredRun>): Promise<void> {
    await this.model.updateMany(filter, { $set: { stop_requested: true } });
  }
}

function isInTheWay(
  run: Pick<StoredRun, '_id' | 'session_id' | 'parent_id'>,
  { id, sessionId, parentId, alone }: RunRequest,
): boolean {
  if (!run.session_id.equals(sessionId)) return false;
  if (alone === 'session' || run._id.equals(id)) return true;
  return parentId === null ? run.parent_id === null : parentId.equals(run.parent_id ?? undefined);
}
