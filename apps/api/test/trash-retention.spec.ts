import { rm } from 'node:fs/promises';
import type { ChatSession, Message } from '@chat/shared-types';
import { startEmbeddedServer } from '@chat/embedded-mongo';
import mongoose from 'mongoose';
import { expectProblem } from './support/api-client.js';
import { temporaryDir, withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const COLLECTIONS = ['chat_sessions', 'messages', 'message_revisions'];

describe('the retention of the trash', () => {
  let dir: string;
  const running: TestApp[] = [];
  const databases: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    dir = await temporaryDir();
  });
  afterEach(async () => {
    await stopAll();
    await rm(dir, { recursive: true, force: true });
  });

  async function stopAll(): Promise<void> {
    for (const app of running.splice(0)) await app.stop();
    for (const database of databases.splice(0)) await database.close();
  }

  /** The database looks for what has expired when it starts. */
  async function start(days: number): Promise<TestApp> {
    await stopAll();
    const database = await startEmbeddedServer({ dataDir: dir });
    databases.push(database);
    const app = await startTestApp({
      databaseUri: database.uri,
      env: { TRASH_RETENTION_DAYS: String(days), DEMO_USERS: 'false' },
    });
    running.push(app);
    return app;
  }

  const expiry = (server: TestApp) =>
    withDatabase(server.databaseUri, async (connection) => {
      const seconds = new Set<unknown>();
      for (const name of COLLECTIONS) {
        const indexes = await connection.collection(name).indexes();
        const found = indexes.find((index) => index.name === 'trash_retention');
        seconds.add((found as { expireAfterSeconds?: number } | undefined)?.expireAfterSeconds);
      }
      return [...seconds];
    });

  /** Makes it so many days later for what is in the trash. */
  const age = (server: TestApp, days: number) =>
    withDatabase(server.databaseUri, async (connection) => {
      for (const name of COLLECTIONS) {
        const rows = await connection
          .collection(name)
          .find({ deleted_at: { $type: 'date' } })
          .toArray();
        for (const { _id, deleted_at } of rows) {
          const earlier = new Date((deleted_at as Date).getTime() - days * DAY_MS);
          await connection.collection(name).updateOne({ _id }, { $set: { deleted_at: earlier } });
        }
      }
      const notes = connection.collection('session_leftovers');
      for (const { _id, due_at } of await notes.find().toArray()) {
        const earlier = new Date((due_at as Date).getTime() - days * DAY_MS);
        await notes.updateOne({ _id }, { $set: { due_at: earlier } });
      }
    });

  const count = (server: TestApp, name: string, filter: object) =>
    withDatabase(server.databaseUri, (connection) =>
      connection.collection(name).countDocuments(filter),
    );

  /** Asks the database again until it has come that far. */
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  it('is kept by the database, by an index on everything that can be deleted', async () => {
    expect(await expiry(await start(5))).toEqual([5 * 86_400]);
  });

  it('is another one after a start with another value, for what is in the trash already too', async () => {
    const first = await start(5);
    const me = await first.newUser();
    const { _id } = await me.createSession();
    await me.call('DELETE', `/chat/sessions/${_id}`);
    const second = await start(40);
    expect(await expiry(second)).toEqual([40 * 86_400]);
    const [note, session] = await withDatabase(second.databaseUri, async (connection) => {
      const id = new mongoose.Types.ObjectId(_id);
      return [
        await connection.collection('session_leftovers').findOne({ _id: id }),
        await connection.collection('chat_sessions').findOne({ _id: id }),
      ];
    });
    const due = (note?.due_at as Date).getTime() - (session?.deleted_at as Date).getTime();
    expect(due).toBe(40 * DAY_MS);
  });

  it('removes sessions and messages for good with all that hangs on them, and nothing else', async () => {
    let server = await start(30);
    const { username = '' } = await server.newUser();
    let me = await server.anonymous.signIn(username);
    const kept = await me.createSession('kept');
    const gone = await me.createSession('gone');
    const texts: Message[] = [];
    for (const content of ['a', 'b', 'c']) texts.push(await me.send(kept._id, content));
    const [, b, c] = texts;
    await me.send(gone._id, 'd');
    const path = `/chat/sessions/${kept._id}/messages`;
    for (const message of texts) {
      await me.call('PATCH', `${path}/${message._id}`, { json: { content: 'changed' } });
    }
    for (const message of [b, c]) await me.call('DELETE', `${path}/${message?._id ?? ''}`);
    await me.call('DELETE', `/chat/sessions/${gone._id}`);
    await me.call('POST', `${path}/${c?._id ?? ''}/restore`);
    await age(server, 29);
    server = await start(30);
    me = await server.anonymous.signIn(username);
    expect((await me.call<unknown[]>('GET', '/chat/trash')).body).toHaveLength(2);

    await age(server, 2);
    server = await start(30);
    me = await server.anonymous.signIn(username);
    await until(async () => (await count(server, 'chat_sessions', { deleted: true })) === 0);
    await until(async () => (await count(server, 'messages', { deleted: true })) === 0);
    await until(async () => (await count(server, 'message_revisions', {})) === 2);
    expect((await me.call<unknown[]>('GET', '/chat/trash')).body).toEqual([]);
    // What the session leaves behind goes with the next look, at a start at the latest.
    server = await start(30);
    me = await server.anonymous.signIn(username);
    await until(async () => (await count(server, 'session_leftovers', {})) === 0);
    expect(await count(server, 'messages', {})).toBe(2);
    expect((await me.messages(kept._id)).map(({ content }) => content)).toEqual([
      'changed',
      'changed',
    ]);
    expect((await me.getSession(kept._id)).message_count).toBe(2);
    const restored = await me.call<ChatSession>('POST', `/chat/sessions/${gone._id}/restore`);
    expectProblem(restored, 404, 'not-found');
  });
});
