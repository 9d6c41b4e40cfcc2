import { signIn, type ApiClient, type RunningProduct } from '@chat/product-harness';
import type { ChatSession } from '@chat/shared-types';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient, ObjectId, type Db } from 'mongodb';
import { CONNECTIONS } from './load.js';

/** Messages inserted by one command. */
const BATCH = 1_000;

export interface SeededData {
  readonly token: string;
  /** Holds `messages` messages. */
  readonly longSession: ChatSession;
  /** Empty at first; what the load sends goes here, in turns. */
  readonly targetSessions: readonly ChatSession[];
}

/**
 * Prepares a user with many sessions, one of them long. Sessions are created over HTTP; messages
 * are copies of one that was sent over HTTP, written past the API, which would take minutes.
 */
export async function seed(
  product: RunningProduct,
  sizes: { sessions: number; messages: number },
): Promise<SeededData> {
  const user = await signIn(product.url);
  const longSession = await seedSession(product, user, 'A long conversation', sizes.messages);
  for (let i = 0; i < sizes.sessions; i += 1) await user.createSession(`Session ${i + 1}`);
  const targetSessions = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_unused, i) => user.createSession(`Target ${i + 1}`)),
  );
  return { token: user.token, longSession, targetSessions };
}

/** A session with this many messages, by user and assistant in turns. */
export async function seedSession(
  product: RunningProduct,
  user: ApiClient,
  title: string,
  messages: number,
): Promise<ChatSession> {
  const session = await user.createSession(title);
  const sample = await user.send(session._id, sampleText(0));
  await withDatabase(product, (db) => copyMessages(db, sample._id, messages - 1));
  return session;
}

/** The connection string of the embedded database of a running product. */
export async function databaseUri(product: RunningProduct): Promise<string> {
  return (await readFile(join(product.dataDir, 'mongodb.uri'), 'utf8')).trim();
}

async function withDatabase(
  product: RunningProduct,
  use: (db: Db) => Promise<void>,
): Promise<void> {
  const client = new MongoClient(await databaseUri(product));
  try {
    await use(client.db());
  } finally {
    await client.close();
  }
}

async function copyMessages(db: Db, sampleId: string, copies: number): Promise<void> {
  const messages = db.collection('messages');
  const sample = await messages.findOne({ _id: new ObjectId(sampleId) });
  if (sample === null) throw new Error('The sample message is not in the database.');
  const first = (sample.created_at as Date).getTime();
  let last = sample._id;
  for (let done = 0; done < copies; done += BATCH) {
    const size = Math.min(BATCH, copies - done);
    await messages.insertMany(
      Array.from({ length: size }, (_unused, i) => ({
        ...sample,
        parent_id: last,
        _id: (last = new ObjectId()),
        content: sampleText(done + i + 1),
        role: (done + i) % 2 === 0 ? 'assistant' : 'user',
        created_at: new Date(first + done + i + 1),
      })),
    );
  }
  await db.collection('chat_sessions').updateOne(
    { _id: sample.session_id as ObjectId },
    {
      $inc: { message_count: copies },
      $set: {
        last_message_at: new Date(first + copies),
        tip_id: last,
        active_message_id: last,
      },
    },
  );
}

/** A message as people write them: one to six sentences. */
function sampleText(index: number): string {
  const sentences = (index % 6) + 1;
  const sentence = 'The quick brown fox looks at the lazy dog and thinks about what to write next.';
  return `Message ${index}. ${Array.from({ length: sentences }, () => sentence).join(' ')}`;
}
