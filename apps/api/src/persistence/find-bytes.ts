import { mongo, type Model } from 'mongoose';
import { currentSession } from './current-session.js';

/** Which documents, and in which order. */
export interface BytesQuery {
  readonly filter: mongo.Document;
  readonly sort: Readonly<Record<string, 1 | -1>>;
  /** At most so many; 0 for all. So many have to fit into one answer of the database: 16 MB. */
  readonly limit: number;
}

/** What `find` answers where the documents of its batch are left as bytes. */
interface FirstBatch {
  readonly cursor: { readonly firstBatch: readonly Uint8Array[] };
}

/**
 * Reads documents as the bytes that they are stored in, for lists that need not decode all of them.
 *
 * A page is asked for by the command itself: a cursor of the driver takes every document apart into
 * its members before it hands on the bytes, and costs as much again by itself.
 */
export async function findBytes<Stored>(
  model: Model<Stored>,
  query: BytesQuery,
): Promise<readonly Uint8Array[]> {
  if (query.limit === 0) return everyBatch(model, query);
  try {
    return await firstBatch(model, query);
  } catch (error) {
    // The driver repeats a read after a failover where it is asked through a cursor.
    if (currentSession() !== undefined || !mayBeFailover(error)) throw error;
    return everyBatch(model, query);
  }
}

async function firstBatch<Stored>(
  { db: connection, collection }: Model<Stored>,
  { filter, sort, limit }: BytesQuery,
): Promise<readonly Uint8Array[]> {
  const database = connection.getClient().db(connection.name);
  const answer = await database.command(
    { find: collection.name, filter, sort, limit, batchSize: limit, singleBatch: true },
    { session: currentSession(), fieldsAsRaw: { firstBatch: true } },
  );
  return (answer as FirstBatch).cursor.firstBatch;
}

async function everyBatch<Stored>(
  { collection }: Model<Stored>,
  { filter, sort, limit }: BytesQuery,
): Promise<readonly Uint8Array[]> {
  const documents = await collection
    .find(filter, { sort: { ...sort }, limit, session: currentSession(), raw: true })
    .toArray();
  // The types of the driver do not know what `raw` makes of the documents.
  return documents as unknown as Uint8Array[];
}

function mayBeFailover(error: unknown): boolean {
  return error instanceof mongo.MongoNetworkError || error instanceof mongo.MongoServerError;
}
