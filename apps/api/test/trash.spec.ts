import type { ChatSession, Message, TrashEntry } from '@chat/shared-types';
import { LeftoversSweeper } from '../src/leftovers/leftovers.sweeper.js';
import { expectInvalid, expectProblem, nextPage, type ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('the trash', () => {
  let server: TestApp;
  let me: ApiClient;

  beforeAll(async () => {
    server = await startTestApp({ env: { TRASH_RETENTION_DAYS: '7' } });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    me = await server.newUser();
  });

  const trash = async (query = '', who = me): Promise<TrashEntry[]> => {
    const answer = await who.call<TrashEntry[]>('GET', `/chat/trash${query}`);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const idOf = (entry: TrashEntry): string =>
    entry.type === 'session' ? entry.session._id : entry.message._id;
  const ids = async (query = '') => (await trash(query)).map(idOf);
  const removeSession = async (id: string) =>
    expect((await me.call('DELETE', `/chat/sessions/${id}`)).status).toBe(204);
  const pathOf = ({ session_id, _id }: Message) => `/chat/sessions/${session_id}/messages/${_id}`;
  const removeMessage = async (message: Message) =>
    expect((await me.call('DELETE', pathOf(message))).status).toBe(204);
  const empty = async () => {
    const answer = await me.call('DELETE', '/chat/trash');
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    await server.app.get(LeftoversSweeper).idle();
  };
  /** How many documents of these sessions are stored, by collection; none where it is nothing. */
  const stored = (sessionId: string) =>
    withDatabase(server.databaseUri, async (connection) => {
      const counts: Record<string, number> = {};
      for (const { name } of (await connection.db?.listCollections().toArray()) ?? []) {
        const rows = await connection.collection(name).find().toArray();
        const theirs = rows.filter((row) => JSON.stringify(row).includes(sessionId));
        if (theirs.length > 0) counts[name] = theirs.length;
      }
      return counts;
    });

  it('lists sessions and messages, the last deleted first, with when they go', async () => {
    const kept = await me.createSession('kept');
    const gone = await me.createSession('gone');
    const [a, b] = [await me.send(kept._id, 'a'), await me.send(kept._id, 'b')];
    await me.send(gone._id, 'c');
    expect(await trash()).toEqual([]);
    await removeMessage(a);
    await removeSession(gone._id);
    await removeMessage(b);
    const listed = await trash();
    expect(listed.map(idOf)).toEqual([b._id, gone._id, a._id]);
    const [message, session] = listed;
    const [deleted] = (await me.call<ChatSession[]>('GET', '/chat/sessions?deleted=true')).body;
    expect(session).toEqual({
      type: 'session',
      session: deleted,
      deleted_at: expect.any(String) as string,
      purge_at: expect.any(String) as string,
    });
    const inSession = await me.messages(kept._id, '?deleted=true');
    expect(message).toMatchObject({
      type: 'message',
      message: inSession.find(({ _id }) => _id === b._id),
      session_title: 'kept',
    });
    for (const { deleted_at, purge_at } of listed) {
      expect(Date.parse(purge_at) - Date.parse(deleted_at)).toBe(7 * DAY_MS);
    }
  });

  it('lists no message whose session is in the trash itself, until it is back', async () => {
    const { _id } = await me.createSession();
    const message = await me.send(_id, 'a');
    await removeMessage(message);
    await removeSession(_id);
    expect(await ids()).toEqual([_id]);
    expectProblem(await me.call('POST', `${pathOf(message)}/restore`), 404, 'not-found');
    expect((await me.call('POST', `/chat/sessions/${_id}/restore`)).status).toBe(200);
    expect(await ids()).toEqual([message._id]);
    expect((await me.call('POST', `${pathOf(message)}/restore`)).status).toBe(200);
    expect(await ids()).toEqual([]);
  });

  it('names the versions of a message that are left', async () => {
    const { _id } = await me.createSession();
    const a = await me.send(_id, 'a');
    const json = { content: 'b', parent_id: null };
    const b = await me.call<Message>('POST', `/chat/sessions/${_id}/messages`, { json });
    await removeMessage(a);
    const [entry] = await trash();
    expect(entry).toMatchObject({ message: { _id: a._id, siblings: [a._id, b.body._id] } });
  });

  it('pages through both as through one list, also where all were deleted at once', async () => {
    const { _id } = await me.createSession();
    for (let i = 0; i < 7; i += 1) {
      const hidden = await me.createSession();
      await removeMessage(await me.send(hidden._id, 'hidden'));
      await removeMessage(await me.send(_id, `m${i}`));
      await removeSession(hidden._id);
    }
    const at = new Date(Date.now() - 1000);
    await withDatabase(server.databaseUri, async (connection) => {
      const user_id = (await connection.collection('users').findOne({ username: me.username }))
        ?._id;
      const recent = { user_id, deleted: true };
      await connection.collection('messages').updateMany(recent, { $set: { deleted_at: at } });
      await connection.collection('chat_sessions').updateMany(recent, { $set: { deleted_at: at } });
    });
    const whole = await trash();
    expect(whole).toHaveLength(14);
    for (const limit of [1, 3, 13, 14, 100]) {
      const paged = await me.everyPage<TrashEntry>(`/chat/trash?limit=${limit}`);
      expect(paged).toEqual({ rows: whole, pages: Math.ceil(14 / limit) });
    }
  });

  it('is empty after it was emptied, and nothing of it is stored any more', async () => {
    const kept = await me.createSession('kept');
    const gone = await me.createSession('gone');
    const [a, b] = [await me.send(kept._id, 'a'), await me.send(kept._id, 'b')];
    await me.trySend(gone._id, 'once', { 'idempotency-key': 'k' });
    const c = await me.send(gone._id, 'c');
    for (const message of [a, c]) {
      await me.call('PATCH', pathOf(message), { json: { content: 'changed' } });
    }
    const fork = { content: 'd', parent_id: null };
    await me.call('POST', `/chat/sessions/${gone._id}/messages`, { json: fork });
    await removeMessage(a);
    await removeSession(gone._id);
    await empty();
    expect(await trash()).toEqual([]);
    expect(await stored(gone._id)).toEqual({});
    expect(await stored(a._id)).toEqual({ messages: 1 });
    expect((await me.messages(kept._id)).map(({ _id }) => _id)).toEqual([b._id]);
    expect(await me.messages(kept._id, '?deleted=true')).toEqual([]);
    for (const path of [`/chat/sessions/${gone._id}`, pathOf(a)]) {
      expectProblem(await me.call('POST', `${path}/restore`), 404, 'not-found');
    }
    await empty();
  });

  it("leaves other people's trash alone", async () => {
    const stranger = await server.newUser();
    const theirs = await stranger.createSession();
    await stranger.call('DELETE', `/chat/sessions/${theirs._id}`);
    expect(await trash()).toEqual([]);
    await empty();
    expect((await trash('', stranger)).map(idOf)).toEqual([theirs._id]);
    const restored = await stranger.call('POST', `/chat/sessions/${theirs._id}/restore`);
    expect(restored.status).toBe(200);
  });

  it('keeps what is restored at the moment at which it is emptied', async () => {
    const { _id } = await me.createSession();
    const messages: Message[] = [];
    for (let i = 0; i < 10; i += 1) messages.push(await me.send(_id, `m${i}`));
    for (const message of messages) await removeMessage(message);
    const answers = await Promise.all([
      me.call('DELETE', '/chat/trash'),
      ...messages.map((message) => me.call('POST', `${pathOf(message)}/restore`)),
    ]);
    const restored = messages.filter((_message, i) => answers[i + 1]?.status === 200);
    expect(answers.slice(1).every(({ status }) => status === 200 || status === 404)).toBe(true);
    const live = await me.messages(_id);
    expect(live.map((message) => message._id)).toEqual(restored.map((message) => message._id));
    expect((await me.getSession(_id)).message_count).toBe(restored.length);
  });

  it('refuses a page that is none, a cursor of another list and whoever is not signed in', async () => {
    for (const limit of ['0', '101', 'x', '1.5', '']) {
      expectInvalid(await me.call('GET', `/chat/trash?limit=${limit}`), '?limit');
    }
    expectInvalid(await me.call('GET', '/chat/trash?deleted=true'), '?deleted');
    await me.createSession();
    await me.createSession();
    const sessions = await me.call('GET', '/chat/sessions?limit=1');
    const cursor = new URLSearchParams(nextPage(sessions)?.split('?')[1]).get('cursor') ?? '';
    for (const one of [cursor, 'x', '%00', 'a'.repeat(501)]) {
      expectInvalid(await me.call('GET', `/chat/trash?cursor=${one}`), '?cursor');
    }
    for (const method of ['GET', 'DELETE']) {
      const answer = await server.anonymous.call(method, '/chat/trash');
      expectProblem(answer, 401, 'authentication-required');
    }
  });

  it('goes on with a session whose messages are gone for good, in the middle and at the end', async () => {
    const { _id } = await me.createSession();
    const path = `/chat/sessions/${_id}/messages`;
    const sent: Message[] = [];
    for (const content of ['a', 'b', 'c', 'd']) sent.push(await me.send(_id, content));
    const [a, b, , d] = sent;
    const below = async (parent: Message | undefined, content: string) => {
      const json = { content, parent_id: parent?._id };
      const answer = await me.call<Message>('POST', path, { json });
      expect(answer.status).toBe(201);
      return answer.body;
    };
    const shown = async (query = '') =>
      (await me.messages(_id, query)).map(({ content }) => content).join(' ');
    await removeMessage(b!);
    await removeMessage(d!);
    await empty();
    expect(await shown()).toBe('a c');
    await me.send(_id, 'e');
    expect(await shown()).toBe('a c e');
    // The child of `a` that is gone still has what followed it in its branch.
    const f = await below(a, 'f');
    expect(await shown()).toBe('a f');
    expect(await shown(`?leaf=${sent[2]!._id}`)).toBe('a c');
    await below(f, 'g');
    await me.call('PUT', `/chat/sessions/${_id}`, { json: { active_message_id: sent[2]!._id } });
    expect(await shown()).toBe('a c e');
    expect(await shown('?branch=all')).toBe('a c e f g');
    const listed = await me.messages(_id, '?branch=all');
    expect(listed.map(({ siblings }) => siblings.length)).toEqual([1, 1, 1, 1, 1]);
  });
});
