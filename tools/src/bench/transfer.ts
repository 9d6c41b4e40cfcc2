import { setTimeout as delay } from 'node:timers/promises';
import { signIn, startProduct, type RunningProduct } from '@chat/product-harness';
import { MongoClient, ObjectId, type Collection, type Document } from 'mongodb';
import { memoryOf } from './memory.js';
import type { Measurement } from './report.js';
import { databaseUri } from './seed.js';

const SESSIONS = 200;
const MESSAGES_A_SESSION = 50;
const CHARACTERS = 100_000;
const GIGABYTE = 1_000_000_000;
/** How long the process is left alone before its memory counts as idle, in milliseconds. */
const IDLE_MS = 5_000;
const SAMPLE_EVERY_MS = 200;

/** The memory of the API while a user with 1 GB of messages downloads everything. */
export async function measureExport(workspaceRoot: string): Promise<Measurement[]> {
  const product = await startProduct(workspaceRoot, {
    env: { NODE_ENV: 'production', DEMO_USERS: 'true', SEARCH_INDEX: 'off' },
  });
  try {
    const { token } = await prepare(product);
    await delay(IDLE_MS);
    const idle = memoryOf(product.pid).own.megabytes;
    const began = performance.now();
    const download = takeAll(`${product.url}/chat/export`, token);
    const peak = await peakUntil(product.pid, download);
    const bytes = await download;
    const seconds = (performance.now() - began) / 1_000;
    return [
      {
        what: 'API memory while 1 GB is exported, above idle',
        value: peak - idle,
        unit: 'MB',
        bar: { atMost: 256 },
        detail: `${Math.round(peak)} against ${Math.round(idle)} MB; a ZIP of ${Math.round(bytes / 1e6)} MB in ${Math.round(seconds)} s`,
      },
    ];
  } finally {
    await product.stop();
  }
}

/** Copies one session that was made over HTTP, past the API, which would take minutes. */
async function prepare(product: RunningProduct): Promise<{ token: string }> {
  const user = await signIn(product.url);
  const session = await user.createSession('Session');
  const message = await user.send(session._id, 'first');
  const client = new MongoClient(await databaseUri(product));
  try {
    const sessions = client.db().collection('chat_sessions');
    const messages = client.db().collection('messages');
    const sample = {
      session: await oneOf(sessions, session._id),
      message: await oneOf(messages, message._id),
    };
    for (let i = 1; i < SESSIONS; i += 1) await copySession(sessions, messages, sample, i);
  } finally {
    await client.close();
  }
  return { token: user.token };
}

async function copySession(
  sessions: Collection,
  messages: Collection,
  sample: { session: Document; message: Document },
  index: number,
): Promise<void> {
  const session_id = new ObjectId();
  const start = (sample.message.created_at as Date).getTime() + index * 1_000;
  let last: ObjectId | null = null;
  const rows = Array.from({ length: MESSAGES_A_SESSION }, (_unused, i) => ({
    ...sample.message,
    parent_id: last,
    _id: (last = new ObjectId()),
    session_id,
    content: someText(index * MESSAGES_A_SESSION + i),
    created_at: new Date(start + i),
  }));
  await messages.insertMany(rows);
  await sessions.insertOne({
    ...sample.session,
    _id: session_id,
    title: `Session ${index}`,
    created_at: new Date(start),
    message_count: rows.length,
    last_message_at: rows.at(-1)?.created_at ?? null,
    tip_id: last,
    active_message_id: last,
  });
}

async function oneOf(collection: Collection, id: string): Promise<Document> {
  const found = await collection.findOne({ _id: new ObjectId(id) });
  if (found === null) throw new Error(`What was stored as ${id} is not in the database.`);
  return found;
}

/** Words in an order of its own for each number, so that they are about as dense as a real text. */
function someText(seed: number): string {
  let state = seed + 1;
  let text = '';
  while (text.length < CHARACTERS) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += `${(state >>> 8).toString(36)} `;
  }
  return text.slice(0, CHARACTERS);
}

/** @returns how many bytes came. */
async function takeAll(url: string, token: string): Promise<number> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok || response.body === null) throw new Error(`${url}: ${response.status}`);
  let bytes = 0;
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    bytes += piece.value.length;
  }
  const expected = SESSIONS * MESSAGES_A_SESSION * CHARACTERS;
  if (expected < GIGABYTE || bytes < expected / 10) throw new Error(`Only ${bytes} bytes came.`);
  return bytes;
}

async function peakUntil(pid: number, end: Promise<unknown>): Promise<number> {
  const over = end.then(() => true);
  let peak = 0;
  do {
    peak = Math.max(peak, memoryOf(pid).own.megabytes);
  } while (!(await Promise.race([over, delay(SAMPLE_EVERY_MS, false)])));
  return peak;
}
