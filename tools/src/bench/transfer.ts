import { setTimeout as delay } from 'node:timers/promises';
import { signIn, startProduct, type RunningProduct } from '@chat/product-harness';
import { MongoClient, ObjectId, type Collection, type Document } from 'mongodb';
import { peakUntil, productMemory } from './memory.js';
import type { Measurement } from './report.js';
import { databaseUri } from './seed.js';
import {
  bytesOf,
  memoryMeasurements,
  named,
  someText,
  transferSize,
  type TransferSize,
} from './transfer-size.js';

/** How long the process is left alone before its memory counts as idle, in milliseconds. */
const IDLE_MS = 5_000;

/** The memory of both processes while a user with 1 GB of messages downloads everything. */
export async function measureExport(workspaceRoot: string): Promise<Measurement[]> {
  const size = transferSize();
  const product = await startProduct(workspaceRoot, {
    // What is put into the database past the API would be indexed beside the export.
    env: { NODE_ENV: 'production', DEMO_USERS: 'true', SEARCH_INDEX: 'off' },
  });
  try {
    const { token } = await prepare(product, size);
    await delay(IDLE_MS);
    const idle = productMemory(product.pid);
    const began = performance.now();
    const download = takeAll(`${product.url}/chat/export`, token, size);
    const peak = await peakUntil(product.pid, download);
    const bytes = await download;
    const seconds = Math.round((performance.now() - began) / 1_000);
    const detail = `a ZIP of ${Math.round(bytes / 1e6)} MB in ${seconds} s`;
    return memoryMeasurements(`${named(size)} is exported`, idle, peak, detail);
  } finally {
    await product.stop();
  }
}

/** Copies one session that was made over HTTP, past the API, which would take minutes. */
async function prepare(product: RunningProduct, size: TransferSize): Promise<{ token: string }> {
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
    for (let i = 0; i < size.conversations; i += 1) {
      await copySession(sessions, messages, sample, size, i);
    }
  } finally {
    await client.close();
  }
  return { token: user.token };
}

async function copySession(
  sessions: Collection,
  messages: Collection,
  sample: { session: Document; message: Document },
  { messagesEach, characters }: TransferSize,
  index: number,
): Promise<void> {
  const session_id = new ObjectId();
  const start = (sample.message.created_at as Date).getTime() + index * 1_000;
  let last: ObjectId | null = null;
  const rows = Array.from({ length: messagesEach }, (_unused, i) => ({
    ...sample.message,
    parent_id: last,
    _id: (last = new ObjectId()),
    session_id,
    content: someText(index * messagesEach + i, characters),
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

/** @returns how many bytes came. */
async function takeAll(url: string, token: string, size: TransferSize): Promise<number> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok || response.body === null) throw new Error(`${url}: ${response.status}`);
  let bytes = 0;
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    bytes += piece.value.length;
  }
  // Texts of this kind pack to about a third, and each is there twice.
  if (bytes < bytesOf(size) / 10) throw new Error(`Only ${bytes} bytes came.`);
  return bytes;
}
