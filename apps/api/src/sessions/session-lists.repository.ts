import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, Types, type Model, type mongo } from 'mongoose';
import type { Position } from '../common/paging/cursor.js';
import { behind } from '../common/paging/page.js';
import { findBytes } from '../persistence/find-bytes.js';
import { ListedSessions, type ListedSession } from './listed-sessions.js';
import { StoredSession } from './session.schema.js';

/** Which sessions a list holds; what is absent does not matter. */
export interface SessionFilter {
  readonly deleted: boolean;
  readonly archived?: boolean;
  readonly pinned?: boolean;
  /** Null for those in no folder. */
  readonly folderId?: Types.ObjectId | null;
  /** As `tagKey` answers it. */
  readonly tagKey?: string;
}

/** How a list is sorted and where reading it begins. */
export interface SessionListRequest {
  /** Whether the pinned ones come first; most recent activity first in any case. */
  readonly pinnedFirst: boolean;
  readonly after?: Position;
  /** At most so many; 0 for all. */
  readonly rows: number;
}

/** Every id is as high: what has one. */
const LOWEST_ID = new Types.ObjectId('0'.repeat(24));

/** Reads many sessions of one owner at once. */
@Injectable()
export class SessionListsRepository {
  constructor(
    @InjectModel(StoredSession.name) private readonly model: Model<StoredSession>,
    private readonly listed: ListedSessions,
  ) {}

  /**
   * Sessions in an order that an index gives, all of each: the embedded database hands on stored
   * documents as they are, and would have to take each apart to leave something out.
   */
  async list(
    userId: Types.ObjectId,
    filter: SessionFilter,
    { pinnedFirst, after, rows }: SessionListRequest,
  ): Promise<ListedSession[]> {
    const stored = await findBytes(this.model, {
      filter: { user_id: userId, ...condition(filter, pinnedFirst, after) },
      sort: { ...(pinnedFirst ? { pinned: -1 } : {}), last_activity_at: -1, _id: -1 },
      limit: rows,
    });
    return stored.map((bytes) => this.listed.read(bytes));
  }

  /** The tags of every live session that has any, in the spelling of each. */
  async liveTags(userId: Types.ObjectId): Promise<readonly (readonly string[])[]> {
    const rows = await this.collection
      .find<Pick<StoredSession, 'tags'>>(
        { user_id: userId, deleted: false, tag_keys: { $gt: '' } },
        { projection: { _id: 0, tags: 1 } },
      )
      .toArray();
    return rows.map(({ tags }) => tags);
  }

  /** How many live sessions are right in each folder that holds any, by its id. */
  async countByFolder(userId: Types.ObjectId): Promise<Map<string, number>> {
    const rows = await this.collection
      .find<Pick<StoredSession, 'folder_id'>>(
        {
          user_id: userId,
          deleted: false,
          folder_id: { $gte: LOWEST_ID },
        } as mongo.Filter<StoredSession>,
        { projection: { _id: 0, folder_id: 1 } },
      )
      .toArray();
    const counts = new Map<string, number>();
    for (const { folder_id } of rows) {
      const id = folder_id?.toHexString() ?? '';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  countIn(userId: Types.ObjectId, folderId: Types.ObjectId): Promise<number> {
    return this.model
      .countDocuments({ user_id: userId, deleted: false, folder_id: folderId })
      .exec();
  }

  private get collection(): mongo.Collection<StoredSession> {
    return this.model.collection as unknown as mongo.Collection<StoredSession>;
  }
}

/**
 * A condition for one of the indexes in `session.schema.ts`. What does not matter and stands before
 * the sort fields there is asked for with both of its values: the ranges are merged in order.
 */
function condition(
  { deleted, archived, pinned, folderId, tagKey }: SessionFilter,
  pinnedFirst: boolean,
  after: Position | undefined,
): Record<string, unknown> {
  const isPlain = [archived, pinned, folderId, tagKey].every((one) => one === undefined);
  if (isPlain && !pinnedFirst) {
    return { deleted, ...behind<StoredSession>('last_activity_at', -1, after) };
  }
  const either = trusted({ $in: [false, true] });
  return {
    deleted,
    ...(folderId === undefined ? {} : { folder_id: folderId }),
    ...(tagKey === undefined ? {} : { tag_keys: tagKey }),
    archived: archived ?? either,
    ...(pinned === undefined && pinnedFirst ? {} : { pinned: pinned ?? either }),
    ...behind<StoredSession>('last_activity_at', -1, after),
    // Where ranges are merged, this is where each of them begins.
    ...(after === undefined ? {} : { last_activity_at: trusted({ $lte: after.time }) }),
  };
}
