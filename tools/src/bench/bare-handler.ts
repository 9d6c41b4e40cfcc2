/**
 * What the API is compared with: `node:http`, the bare driver, and the same database operations,
 * without a framework, a token, validation, logs or an error format.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MongoClient, ObjectId, type Document } from 'mongodb';
import { seededEntry } from './search-seed.js';

const PAGE = 50;

const userId = new ObjectId(process.env.USER_ID);
const client = await new MongoClient(process.env.MONGODB_URI ?? '').connect();
const sessions = client.db().collection('chat_sessions');
const messages = client.db().collection('messages');
const entries = client.db().collection('search_entries');
/** Not written: in the end every word of the measured text is known, as it is to the API. */
const terms = new Set<string>();

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.writeHead(500).end(String(error));
  });
});

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = new ObjectId(/sessions\/([0-9a-f]{24})/.exec(request.url ?? '')?.[1]);
  const isPost = request.method === 'POST';
  const body = isPost ? await store(id, await readJson(request)) : await list(id);
  response
    .writeHead(isPost ? 201 : 200, { 'content-type': 'application/json' })
    .end(JSON.stringify(body));
}

async function list(sessionId: ObjectId): Promise<Document[]> {
  const [, rows] = await Promise.all([
    sessions.findOne({ ...owned(sessionId), deleted: false }, { projection: { _id: 1 } }),
    messages
      .find({ user_id: userId, session_id: sessionId, branch_id: null, deleted: false })
      .sort({ created_at: 1, _id: 1 })
      .limit(PAGE + 1)
      .toArray(),
  ]);
  return rows;
}

async function store(sessionId: ObjectId, { content }: { content: string }): Promise<Document> {
  const now = new Date();
  const _id = new ObjectId();
  const message = {
    _id,
    session_id: sessionId,
    user_id: userId,
    content,
    role: 'user',
    created_at: now,
    parent_id: null as ObjectId | null,
    branch_id: null,
    status: 'complete',
    model: null,
    finish_reason: null,
    usage: null,
    reasoning: null,
    error: null,
    edited_at: null,
    reactions: [],
    attempt: 0,
    kept_lengths: [],
    deleted: false,
    deleted_at: null,
  };
  await client.withSession((session) =>
    session.withTransaction(async () => {
      const before = await sessions.findOneAndUpdate(
        { ...owned(sessionId), deleted: false },
        {
          $inc: { message_count: 1, change_number: 1 },
          $max: { last_message_at: now, last_activity_at: now, updated_at: now, changed_at: now },
          $set: { tip_id: _id, active_message_id: _id },
        },
        { session },
      );
      message.parent_id = (before?.tip_id as ObjectId | undefined) ?? null;
      await messages.insertOne(message, { session });
      await entries.insertOne(seededEntry(message, 'm', terms), { session });
    }),
  );
  return message;
}

function owned(sessionId: ObjectId): { _id: ObjectId; user_id: ObjectId } {
  return { _id: sessionId, user_id: userId };
}

async function readJson(request: IncomingMessage): Promise<{ content: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as { content: string };
}
