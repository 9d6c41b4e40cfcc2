import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo, Types } from 'mongoose';
import { StoredSession } from '../sessions/session.schema.js';

/** What a search has to know of a session. */
export type SearchedSession = Pick<
  StoredSession,
  '_id' | 'title' | 'folder_id' | 'pinned' | 'archived' | 'tags' | 'deleted'
>;

/** What sessions can be looked up by, each with an index: see `session.schema.ts`. */
export type SessionLookUp =
  | { readonly by: 'folder'; readonly ids: readonly Types.ObjectId[] }
  | { readonly by: 'tagged' | 'pinned' | 'archived' | 'deleted' };

const SEARCHED_FIELDS = {
  title: 1,
  folder_id: 1,
  pinned: 1,
  archived: 1,
  tags: 1,
  deleted: 1,
} as const;

/** The sessions of one owner, as a search asks for them. */
@Injectable()
export class SearchSessionsRepository {
  constructor(@InjectModel(StoredSession.name) private readonly model: Model<StoredSession>) {}

  /** Those of these that there are, live or in the trash; whole, as messages are read. */
  ofIds(userId: Types.ObjectId, ids: readonly Types.ObjectId[]): Promise<SearchedSession[]> {
    return this.collection
      .find<SearchedSession>({ _id: { $in: [...ids] }, user_id: userId }, { batchSize: ids.length })
      .toArray();
  }

  /** At most `limit`, in no order. */
  lookUp(
    userId: Types.ObjectId,
    lookUp: SessionLookUp,
    inTrash: boolean,
    limit: number,
  ): Promise<SearchedSession[]> {
    return this.collection
      .find<SearchedSession>(
        { user_id: userId, deleted: inTrash, ...conditionOf(lookUp) },
        { projection: SEARCHED_FIELDS, limit, batchSize: limit },
      )
      .toArray();
  }

  private get collection(): mongo.Collection<StoredSession> {
    return this.model.collection as unknown as mongo.Collection<StoredSession>;
  }
}

function conditionOf(lookUp: SessionLookUp): mongo.Filter<StoredSession> {
  switch (lookUp.by) {
    case 'folder':
      return { folder_id: { $in: [...lookUp.ids] } };
    case 'tagged':
      return { tag_keys: { $gt: '' } };
    case 'pinned':
      return { archived: { $in: [false, true] }, pinned: true };
    case 'archived':
      return { archived: true };
    case 'deleted':
      return {};
  }
}
