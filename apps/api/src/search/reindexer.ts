import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model, mongo, Types } from 'mongoose';
import { StoredMessage } from '../messages/message.schema.js';
import { currentSession } from '../persistence/current-session.js';
import { Transactions } from '../persistence/transactions.js';
import { StoredSession } from '../sessions/session.schema.js';
import { IndexState } from './index-state.js';
import { SearchEntry } from './search-entry.schema.js';
import { SearchTermsRepository } from './search-terms.repository.js';
import { entryOfMessage, entryOfTitle, type IndexedEntry } from './to-search-entry.js';

/** How far it has come, in sessions and messages. */
export interface ReindexProgress {
  readonly done: number;
  readonly total: number;
}

export interface ReindexOptions {
  /** Told after every batch. */
  readonly onProgress?: (progress: ReindexProgress) => void;
  /** Ends it early, between two batches; the next time begins anew. */
  readonly signal?: AbortSignal;
}

/** What was done. */
export interface ReindexResult extends ReindexProgress {
  /** How many entries went whose message or session is gone. */
  readonly removed: number;
  /** Whether it came to its end. */
  readonly complete: boolean;
}

/** Few enough that whoever writes one of them at the same time does not wait long. */
const BATCH = 200;
/** The same for long ones: a batch ends with the one that reaches so many characters. */
const BATCH_CHARACTERS = 1_000_000;
/** What one answer of the database holds: little of it is read in vain where the batch ends early. */
const ANSWER = 25;

interface WithId {
  readonly _id: Types.ObjectId;
}

/** All that tells what an entry belongs to. */
type Place = Pick<SearchEntry, '_id' | 'place'>;

/** What is indexed of a collection. */
interface Source<Row extends WithId> {
  readonly model: Model<Row>;
  readonly toEntries: (row: Row) => IndexedEntry[];
  /** How long its texts are. */
  readonly charactersOf: (row: Row) => number;
}

/**
 * Builds the index of everything there is, beside whoever writes. A batch is read and indexed in one
 * transaction: where somebody changes one of its messages meanwhile, both write the same entry, and
 * the later of them begins anew and sees what the other has stored.
 */
@Injectable()
export class Reindexer {
  constructor(
    @InjectModel(StoredMessage.name) private readonly messages: Model<StoredMessage>,
    @InjectModel(StoredSession.name) private readonly sessions: Model<StoredSession>,
    @InjectModel(SearchEntry.name) private readonly entries: Model<SearchEntry>,
    private readonly terms: SearchTermsRepository,
    private readonly transactions: Transactions,
    private readonly state: IndexState,
  ) {}

  /** Whether there is anything to index. */
  async isEmpty(): Promise<boolean> {
    return (await this.sessions.findOne({}, { _id: 1 }).sort({ _id: 1 }).lean().exec()) === null;
  }

  /** Indexes all titles and messages of all users, and removes entries of what is gone. */
  async run({ onProgress, signal }: ReindexOptions = {}): Promise<ReindexResult> {
    const total =
      (await this.sessions.estimatedDocumentCount()) +
      (await this.messages.estimatedDocumentCount());
    let done = 0;
    const advance = (by: number): void => {
      done += by;
      onProgress?.({ done, total: Math.max(total, done) });
    };
    onProgress?.({ done, total });
    const titles: Source<StoredSession> = {
      model: this.sessions,
      toEntries: (session) => [entryOfTitle(session)],
      charactersOf: ({ title }) => title.length,
    };
    const messages: Source<StoredMessage> = {
      model: this.messages,
      toEntries: (message) => (message.status === 'streaming' ? [] : [entryOfMessage(message)]),
      charactersOf: ({ content, reasoning }) => content.length + (reasoning?.length ?? 0),
    };
    const complete =
      (await this.indexAll(titles, advance, signal)) &&
      (await this.indexAll(messages, advance, signal));
    const removed = complete ? await this.removeOrphans(signal) : 0;
    const ended = complete && signal?.aborted !== true;
    if (ended) await this.state.setComplete();
    return { done, total: Math.max(total, done), removed, complete: ended };
  }

  /** @returns whether it came to the end. */
  private async indexAll<Row extends WithId>(
    source: Source<Row>,
    advance: (by: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    let last: Types.ObjectId | undefined;
    for (;;) {
      if (signal?.aborted === true) return false;
      const after = last;
      const rows = await this.transactions.run(async () => {
        const batch = await textsAfter(source, after);
        await this.store(batch.flatMap(source.toEntries));
        return batch.map(({ _id }) => _id);
      });
      last = rows.at(-1);
      if (last === undefined) return true;
      advance(rows.length);
    }
  }

  private async store(indexed: readonly IndexedEntry[]): Promise<void> {
    if (indexed.length === 0) return;
    const words = new Map<string, { userId: Types.ObjectId; terms: Set<string> }>();
    for (const { entry, terms } of indexed) {
      const userId = entry.user_id;
      const of = words.get(userId.toHexString()) ?? { userId, terms: new Set() };
      for (const term of terms) of.terms.add(term);
      words.set(userId.toHexString(), of);
    }
    for (const { userId, terms } of words.values()) await this.terms.learn(userId, [...terms]);
    await rawCollection(this.entries).bulkWrite(
      indexed.map(({ entry: { _id, ...entry } }) => ({
        replaceOne: { filter: { _id }, replacement: entry, upsert: true },
      })),
      { ordered: false, session: currentSession() },
    );
  }

  private async removeOrphans(signal: AbortSignal | undefined): Promise<number> {
    let removed = 0;
    let last: Types.ObjectId | undefined;
    for (;;) {
      if (signal?.aborted === true) return removed;
      const batch = await cursorAfter(this.entries, last).project<Place>({ place: 1 }).toArray();
      last = batch.at(-1)?._id;
      if (last === undefined) return removed;
      const orphans = [
        ...(await missing(this.messages, idsOf(batch, 'm'))),
        ...(await missing(this.sessions, idsOf(batch, 't'))),
      ];
      if (orphans.length === 0) continue;
      const { deletedCount } = await rawCollection(this.entries).deleteMany({
        _id: { $in: orphans },
      });
      removed += deletedCount;
    }
  }
}

/** The next ones with their texts, at most {@link BATCH} and as long as one batch may be. */
async function textsAfter<Row extends WithId>(
  { model, charactersOf }: Source<Row>,
  last: Types.ObjectId | undefined,
): Promise<Row[]> {
  const rows: Row[] = [];
  let characters = 0;
  for await (const row of cursorAfter(model, last).batchSize(ANSWER)) {
    rows.push(row);
    characters += charactersOf(row);
    if (characters >= BATCH_CHARACTERS) break;
  }
  return rows;
}

/** The next ones by their ids, of all users. */
function cursorAfter<Row extends WithId>(
  model: Model<Row>,
  last: Types.ObjectId | undefined,
): mongo.FindCursor<Row> {
  return rawCollection(model).find<Row>(
    (last === undefined ? {} : { _id: { $gt: last } }) as mongo.Filter<Row>,
    { sort: { _id: 1 }, limit: BATCH, batchSize: BATCH, session: currentSession() },
  );
}

function idsOf(entries: readonly Place[], place: SearchEntry['place']): Types.ObjectId[] {
  return entries.filter((entry) => entry.place === place).map(({ _id }) => _id);
}

/** Those of these ids that there is nothing of. */
async function missing<Row extends WithId>(
  model: Model<Row>,
  ids: readonly Types.ObjectId[],
): Promise<Types.ObjectId[]> {
  if (ids.length === 0) return [];
  const there = await rawCollection(model)
    .find({ _id: { $in: [...ids] } } as unknown as mongo.Filter<Row>, { projection: { _id: 1 } })
    .toArray();
  const found = new Set(there.map(({ _id }) => String(_id)));
  return ids.filter((id) => !found.has(id.toHexString()));
}

/** By the driver itself: what is read is written again as it is. */
function rawCollection<Row extends WithId>(model: Model<Row>): mongo.Collection<Row> {
  return model.collection as unknown as mongo.Collection<Row>;
}
