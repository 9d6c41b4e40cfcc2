import { signIn, type ApiClient, type RunningProduct } from '@chat/product-harness';
import { facetWords, hasCodeBlock, indexText } from '@chat/text-search';
import { MongoClient, ObjectId, type Db, type Document } from 'mongodb';
import { databaseUri } from './seed.js';
import { randomMessage, randomNumbers, TEXTS } from './zipf-text.js';

/** Who searches. */
export const SEARCHER = { username: 'searcher', password: 'correct horse battery staple' };

/** Documents that are inserted by one command. */
const BATCH = 2_000;
/** Commands that are under way at once: the next documents are made while these are stored. */
const IN_FLIGHT = 3;
const FIRST_DAY = Date.UTC(2024, 0, 1);
/** Between one message of a user and the next. */
const STEP_MS = 300_000;

export interface SearchSizes {
  /** How many others there are, each with as much. */
  readonly others: number;
  readonly sessions: number;
  readonly messages: number;
}

/**
 * Prepares users with many sessions and messages, all of it past the API, which would take hours:
 * copies of a session and a message that were made over HTTP, with what the index holds of them.
 *
 * @returns one of these users.
 */
export async function seedSearch(
  product: RunningProduct,
  sizes: SearchSizes,
  onProgress: (text: string) => void,
): Promise<ApiClient> {
  const client = new MongoClient(await databaseUri(product));
  try {
    const db = client.db();
    const began = performance.now();
    const seeded = async (name: string, index: number): Promise<ApiClient> => {
      const user = await newUser(product, name);
      await seedUser(db, user, sizes, index + 1);
      const seconds = Math.round((performance.now() - began) / 1_000);
      onProgress(
        `${index === 0 ? sizes.others + 1 : index} of ${sizes.others + 1} users, ${sizes.messages} messages each, after ${seconds} s`,
      );
      return user;
    };
    onProgress(`Texts: ${TEXTS}.`);
    for (let i = 1; i <= sizes.others; i += 1) await seeded(`other-${i}`, i);
    return await seeded(SEARCHER.username, 0);
  } finally {
    await client.close();
  }
}

async function newUser(product: RunningProduct, username: string): Promise<ApiClient> {
  const { password } = SEARCHER;
  await fetch(`${product.url}/auths/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return signIn(product.url, username, password);
}

async function seedUser(db: Db, user: ApiClient, sizes: SearchSizes, seed: number): Promise<void> {
  const made = await user.createSession('A sample');
  const sent = await user.send(made._id, 'A sample');
  const session = await sample(db, 'chat_sessions', made._id);
  const message = await sample(db, 'messages', sent._id);
  const random = randomNumbers(seed);
  const terms = new Set<string>();
  const messages = new Rows(db, 'messages');
  const entries = new Rows(db, 'search_entries');
  const sessions = new Rows(db, 'chat_sessions');
  const each = Math.floor(sizes.messages / sizes.sessions);
  for (let i = 0; i < sizes.sessions; i += 1) {
    const _id = new ObjectId();
    const begin = FIRST_DAY + i * each * STEP_MS;
    let last: ObjectId | null = null;
    for (let k = 0; k < each; k += 1) {
      const row: Document = {
        ...message,
        _id: new ObjectId(),
        session_id: _id,
        parent_id: last,
        content: randomMessage(random),
        role: k % 2 === 0 ? 'user' : 'assistant',
        model: k % 2 === 0 ? null : 'bench/model',
        created_at: new Date(begin + k * STEP_MS),
      };
      last = row._id as ObjectId;
      await messages.add(row);
      await entries.add(seededEntry(row, 'm', terms));
    }
    const end = new Date(begin + (each - 1) * STEP_MS);
    const row: Document = {
      ...session,
      _id,
      title: randomMessage(random).split(' ').slice(0, 5).join(' '),
      message_count: each,
      last_message_at: end,
      last_activity_at: end,
      tip_id: last,
      active_message_id: last,
      created_at: new Date(begin),
      updated_at: end,
      changed_at: end,
    };
    await sessions.add(row);
    await entries.add(seededEntry(row, 't', terms));
  }
  await Promise.all([messages.flush(), entries.flush(), sessions.flush()]);
  const vocabulary = new Rows(db, 'search_terms');
  terms.add('^model:bench/model');
  const known = new Set(
    (
      await db
        .collection('search_terms')
        .find({ user_id: message.user_id as ObjectId })
        .toArray()
    ).map(({ term }) => term as string),
  );
  for (const term of terms) {
    if (!known.has(term)) await vocabulary.add({ user_id: message.user_id as ObjectId, term });
  }
  await vocabulary.flush();
}

/** The twin of `entryOfMessage` and `entryOfTitle` in the API. */
export function seededEntry(row: Document, place: 't' | 'm', terms: Set<string>): Document {
  const isTitle = place === 't';
  const text = (isTitle ? row.title : row.content) as string;
  const { words, vocabulary } = indexText(text);
  for (const term of vocabulary) terms.add(term);
  const sessionId = (isTitle ? row._id : row.session_id) as ObjectId;
  const facets = facetWords({
    role: isTitle ? 'title' : (row.role as 'user' | 'assistant'),
    sessionId: sessionId.toHexString(),
    model: isTitle ? null : (row.model as string | null),
    hasCode: !isTitle && hasCodeBlock(text),
    hasReaction: false,
  });
  return {
    _id: row._id as ObjectId,
    user_id: row.user_id as ObjectId,
    place,
    session_id: sessionId,
    role: isTitle ? null : (row.role as string),
    model: isTitle ? null : (row.model as string | null),
    deleted: false,
    deleted_at: null,
    created_at: row.created_at as Date,
    words: [...facets, ...words],
  };
}

async function sample(db: Db, collection: string, id: string): Promise<Document> {
  const row = await db.collection(collection).findOne({ _id: new ObjectId(id) });
  if (row === null) throw new Error(`The sample is not in ${collection}.`);
  return row;
}

/** Inserts documents of one collection, many at once and several times at once. */
class Rows {
  private rows: Document[] = [];
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly db: Db,
    private readonly collection: string,
  ) {}

  async add(row: Document): Promise<void> {
    this.rows.push(row);
    if (this.rows.length < BATCH) return;
    this.begin();
    if (this.underWay.size >= IN_FLIGHT) await Promise.race(this.underWay);
  }

  async flush(): Promise<void> {
    this.begin();
    await Promise.all(this.underWay);
  }

  private begin(): void {
    const rows = this.rows;
    this.rows = [];
    if (rows.length === 0) return;
    const insert = this.db.collection(this.collection).insertMany(rows, { ordered: false });
    const stored: Promise<unknown> = insert.then(() => this.underWay.delete(stored));
    this.underWay.add(stored);
  }
}
