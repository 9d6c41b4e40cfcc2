import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo, Types } from 'mongoose';
import type { Position } from '../common/paging/cursor.js';
import { deleteInBatches } from '../leftovers/delete-in-batches.js';
import { currentSession } from '../persistence/current-session.js';
import { SearchEntry, type SearchPlace } from './search-entry.schema.js';

/** An entry as a search meets it: without its words, which are most of it. */
export type FoundEntry = Pick<
  SearchEntry,
  '_id' | 'session_id' | 'place' | 'deleted' | 'created_at'
>;

/** Which entries of a user a search asks for, newest first. */
export interface EntryQuery {
  readonly places: readonly SearchPlace[];
  readonly deleted: boolean;
  /** Of each of these lists, an entry has at least one word. At least one list. */
  readonly words: readonly (readonly string[])[];
  /** It has none of these. */
  readonly without: readonly string[];
  /** Made at that time or later. */
  readonly from?: Date;
  /** Made before that time. */
  readonly before?: Date;
}

/** A stretch of a list that is sorted newest first. */
export interface Stretch {
  /** Behind this one. */
  readonly after?: Position;
  /** Up to this one, itself included. */
  readonly upTo?: Position;
}

const FOUND_FIELDS = { session_id: 1, place: 1, deleted: 1, created_at: 1 } as const;

/** The only access to the search index; every method sees the entries of one owner alone. */
@Injectable()
export class SearchEntriesRepository {
  constructor(@InjectModel(SearchEntry.name) private readonly model: Model<SearchEntry>) {}

  /** Adds entries that are not there yet. */
  async insert(entries: readonly SearchEntry[]): Promise<void> {
    const [only] = entries;
    const options = { session: currentSession() };
    if (only === undefined) return;
    if (entries.length === 1) await this.collection.insertOne(only, options);
    else await this.collection.insertMany(entries, options);
  }

  /** Puts an entry in the place of what was there of the same message or session. */
  async replace({ _id, ...entry }: SearchEntry): Promise<void> {
    await this.collection.replaceOne({ _id, user_id: entry.user_id }, entry, {
      upsert: true,
      session: currentSession(),
    });
  }

  /** Notes when these went to the trash; null for what came out of it. */
  async setDeleted(
    userId: Types.ObjectId,
    ids: readonly Types.ObjectId[],
    deletedAt: Date | null,
  ): Promise<void> {
    await this.collection.updateMany(
      { _id: { $in: [...ids] }, user_id: userId },
      { $set: { deleted: deletedAt !== null, deleted_at: deletedAt } },
      { session: currentSession() },
    );
  }

  /** Newest first, at most `limit`. */
  newest(
    userId: Types.ObjectId,
    query: EntryQuery,
    { after, upTo }: Stretch,
    limit: number,
  ): Promise<FoundEntry[]> {
    const filter: mongo.Filter<SearchEntry> = {
      user_id: userId,
      place: oneOf(query.places),
      deleted: query.deleted,
      $and: [
        ...query.words.map((words) => ({ words: { $in: [...words] } })),
        ...(query.without.length === 0 ? [] : [{ words: { $nin: [...query.without] } }]),
      ],
      ...timesWithin(query, { after, upTo }),
      // Of those made in the same millisecond, the ones on the other side: hardly ever any.
      ...(after === undefined && upTo === undefined
        ? {}
        : {
            $nor: [
              ...(after === undefined ? [] : [{ created_at: after.time, _id: { $gte: after.id } }]),
              ...(upTo === undefined ? [] : [{ created_at: upTo.time, _id: { $lt: upTo.id } }]),
            ],
          }),
    };
    return this.collection
      .find<FoundEntry>(filter, {
        projection: FOUND_FIELDS,
        sort: { created_at: -1, _id: -1 },
        limit,
        batchSize: limit,
      })
      .toArray();
  }

  /** Removes the entries of these messages. */
  async remove(userId: Types.ObjectId, ids: readonly Types.ObjectId[]): Promise<void> {
    await this.collection.deleteMany(
      { _id: { $in: [...ids] }, user_id: userId },
      { session: currentSession() },
    );
  }

  /** Removes all of a session that is gone. */
  async removeSession(userId: Types.ObjectId, sessionId: Types.ObjectId): Promise<void> {
    await deleteInBatches(this.model, { user_id: userId, session_id: sessionId });
  }

  /** By the driver itself: it is written with every message, and all of it has its stored type. */
  private get collection(): mongo.Collection<SearchEntry> {
    return this.model.collection as unknown as mongo.Collection<SearchEntry>;
  }
}

function timesWithin(
  { from, before }: EntryQuery,
  { after, upTo }: Stretch,
): { created_at?: { $gte?: Date; $lte?: Date; $lt?: Date } } {
  const least = latest(from, upTo?.time);
  const times = {
    ...(least === undefined ? {} : { $gte: least }),
    ...(after === undefined ? {} : { $lte: after.time }),
    ...(before === undefined ? {} : { $lt: before }),
  };
  return Object.keys(times).length === 0 ? {} : { created_at: times };
}

function latest(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

/** A single value is the plainer question, and one range of the index. */
function oneOf<T>(values: readonly T[]): T | { $in: T[] } {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : { $in: [...values] };
}
