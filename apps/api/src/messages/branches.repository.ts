import type { DatedBranch } from '@chat/conversation';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { StoredBranch } from './branch.schema.js';
import type { MessageScope } from './messages.repository.js';

/** The branches of one session beside its trunk. */
export interface SessionBranches {
  readonly byId: ReadonlyMap<string, DatedBranch>;
  /** The ids of the messages with more than one child; null among them for several first messages. */
  readonly forks: ReadonlySet<string | null>;
}

/** What a session has that never forked. */
export const NO_BRANCHES: SessionBranches = { byId: new Map(), forks: new Set() };

/** The only access to stored branches; every method sees those of one owner's session alone. */
@Injectable()
export class BranchesRepository {
  constructor(@InjectModel(StoredBranch.name) private readonly model: Model<StoredBranch>) {}

  async create(branch: StoredBranch): Promise<void> {
    await this.model.insertMany([branch], { lean: true });
  }

  /** Stores those of a session that is built whole. */
  async insert(branches: readonly StoredBranch[]): Promise<void> {
    if (branches.length > 0) await this.model.insertMany(branches, { lean: true });
  }

  async ofSession({ userId, sessionId }: MessageScope): Promise<SessionBranches> {
    const rows = await this.model
      .find(
        { user_id: userId, session_id: sessionId },
        { parent_branch_id: 1, fork: 1, created_at: 1 },
      )
      .lean()
      .exec();
    const byId = new Map<string, DatedBranch>();
    const forks = new Set<string | null>();
    for (const { _id, parent_branch_id, fork, created_at } of rows) {
      const id = _id.toHexString();
      byId.set(id, {
        id,
        parentId: parent_branch_id?.toHexString() ?? null,
        forkTime: fork?.created_at.getTime() ?? null,
        beganAt: created_at.getTime(),
      });
      forks.add(fork?._id.toHexString() ?? null);
    }
    return { byId, forks };
  }
}
