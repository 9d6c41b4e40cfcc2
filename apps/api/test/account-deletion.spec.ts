import type { ChatSession, Message } from '@chat/shared-types';
import { getConnectionToken } from '@nestjs/mongoose';
import mongoose from 'mongoose';
import { LeftoversService } from '../src/leftovers/leftovers.service.js';
import { LeftoversSweeper } from '../src/leftovers/leftovers.sweeper.js';
import {
  expectInvalid,
  expectProblem,
  PASSWORD,
  type ApiClient,
  type CallOptions,
} from './support/api-client.js';
import { CookieJar } from './support/cookie-jar.js';
import { withDatabase } from './support/database.js';
import { EventReader } from './support/events.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const SECRET = 'a sentence that nobody else writes';
/** Later than the second look at what a deleted account left. */
const LATER_MS = 60_000;

describe('deleting the account', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp({ env: { LOGIN_ATTEMPTS: '3' } });
  });
  afterAll(() => server.stop());

  const remove = (who: ApiClient, password: unknown = PASSWORD, options: CallOptions = {}) =>
    who.call('DELETE', '/auths/me', { json: { password }, ...options });
  const idOf = async (who: ApiClient) =>
    (await who.call<{ _id: string }>('GET', '/auths/me')).body._id;

  /** Both looks at what is left, as they would come. */
  async function swept(app = server): Promise<void> {
    const sweeper = app.app.get(LeftoversSweeper);
    await sweeper.idle();
    await sweeper.sweepAccounts(new Date(Date.now() + LATER_MS));
  }

  /** Where anything of these is still stored: collections by their names. */
  const stored = (...marks: string[]) =>
    withDatabase(server.databaseUri, async (connection) => {
      const found: string[] = [];
      const collections = (await connection.db?.listCollections().toArray()) ?? [];
      expect(collections.length).toBeGreaterThan(8);
      for (const { name } of collections) {
        const text = JSON.stringify(await connection.collection(name).find().toArray());
        if (marks.some((mark) => text.includes(mark))) found.push(name);
      }
      return found.sort();
    });

  /** Something of everything that is kept of a user. */
  async function live(who: ApiClient): Promise<ChatSession> {
    const session = await who.createSession(SECRET);
    const path = `/chat/sessions/${session._id}/messages`;
    const first = await who.trySend(session._id, SECRET, { 'idempotency-key': 'k' });
    const message = `${path}/${first.body._id}`;
    await who.call('PATCH', message, { json: { content: `${SECRET}!` } });
    await who.call('PUT', `${message}/reactions/${encodeURIComponent('👍')}`);
    await who.call('POST', path, { json: { content: SECRET, parent_id: null } });
    const second = await who.send(session._id, SECRET);
    await who.call('DELETE', `${path}/${second._id}`);
    const gone = await who.createSession(SECRET);
    await who.send(gone._id, SECRET);
    await who.call('DELETE', `/chat/sessions/${gone._id}`);
    await who.call('POST', '/chat/folders', { json: { name: SECRET } });
    const asked = await who.call<Message>('POST', path, { json: { content: 'x', reply: true } });
    expect(asked.status).toBe(201);
    return session;
  }

  it('ends every login at once and leaves nothing in any collection', async () => {
    const me = await server.newUser();
    const jar = new CookieJar(server.url);
    await jar.login(me.username ?? '');
    const id = await idOf(me);
    const session = await live(me);
    const events = await EventReader.open(me, '/chat/events');
    expect(await stored(id)).toEqual(expect.arrayContaining(['users', 'messages']));

    const answer = await remove(me, PASSWORD, { headers: jar.headers() });
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expect(answer.headers.getSetCookie().join()).toMatch(/refresh_token=;/);
    for (const path of ['/auths/me', '/chat/sessions', `/chat/sessions/${session._id}`]) {
      expectProblem(await me.call('GET', path), 401, 'authentication-required');
    }
    expectProblem(await jar.post('/auths/refresh'), 401, 'session-expired');
    const login = await server.anonymous.login(me.username ?? '', PASSWORD);
    expectProblem(login, 401, 'invalid-credentials');
    await events.toEnd();

    await server.app.get(LeftoversSweeper).idle();
    // The note itself is all that is left until the second look.
    expect(await stored(id, session._id, SECRET, me.username ?? '')).toEqual(['account_leftovers']);
    await swept();
    expect(await stored(id, session._id, SECRET, me.username ?? '')).toEqual([]);
  });

  it('frees the name for somebody else, who finds nothing', async () => {
    const me = await server.newUser();
    await me.createSession(SECRET);
    expect((await remove(me)).status).toBe(204);
    const heir = await server.anonymous.register(me.username ?? '');
    expect((await heir.call('GET', '/chat/sessions')).body).toEqual([]);
    await swept();
    expect((await heir.call('GET', '/auths/me')).status).toBe(200);
  });

  it('is finished by whoever starts next, where the process died right after', async () => {
    const me = await server.newUser();
    const id = await idOf(me);
    await live(me);
    // What the transaction writes, and nothing of what comes after.
    await withDatabase(server.databaseUri, async (connection) => {
      await connection.collection('users').deleteOne({ _id: new mongoose.Types.ObjectId(id) });
    });
    await server.app.get(LeftoversService).expectAccount(new mongoose.Types.ObjectId(id));
    const next = await startTestApp({ databaseUri: server.databaseUri });
    try {
      await swept(next);
      expect(await stored(id, SECRET)).toEqual([]);
    } finally {
      await next.stop();
    }
  });

  it('goes on where it broke off in the middle', async () => {
    const me = await server.newUser();
    const id = await idOf(me);
    await live(me);
    const connection = server.app.get<mongoose.Connection>(getConnectionToken());
    const branches = connection.models.StoredBranch;
    const broken = jest.spyOn(branches as mongoose.Model<unknown>, 'deleteMany');
    broken.mockImplementationOnce(() => {
      throw new Error('The process ends here.');
    });
    expect((await remove(me)).status).toBe(204);
    await server.app.get(LeftoversSweeper).idle();
    expect(broken).toHaveBeenCalled();
    broken.mockRestore();
    expect(await stored(id)).not.toEqual([]);
    await swept();
    await swept();
    expect(await stored(id, SECRET)).toEqual([]);
  });

  it('forgets a note about an account that is still there, as a crash can leave it', async () => {
    const me = await server.newUser();
    const session = await me.createSession();
    const leftovers = server.app.get(LeftoversService);
    await leftovers.expectAccount(new mongoose.Types.ObjectId(session.user_id));
    await swept();
    expect(await me.getSession(session._id)).toEqual(session);
    expect(await stored(session.user_id)).not.toContain('account_leftovers');
  });

  it('asks for the right password, and not too often', async () => {
    const me = await server.newUser();
    const session = await me.createSession();
    for (const password of [undefined, null, 5, { $ne: '' }, 'x'.repeat(257)]) {
      const json = password === undefined ? {} : { password };
      expectInvalid(await me.call('DELETE', '/auths/me', { json }), '/password');
    }
    expectInvalid(
      await me.call('DELETE', '/auths/me', { json: { password: PASSWORD, sure: true } }),
      '/sure',
    );
    expectInvalid(await me.call('DELETE', '/auths/me'), '/password');
    for (let i = 0; i < 3; i += 1) expectInvalid(await remove(me, 'wrong password'), '/password');
    const answer = await remove(me);
    expectProblem(answer, 429, 'too-many-requests');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await me.getSession(session._id)).toEqual(session);
    expectProblem(await remove(server.anonymous), 401, 'authentication-required');
  });

  it('leaves every other account as it was', async () => {
    const [me, other] = [await server.newUser(), await server.newUser()];
    const session = await other.createSession('kept');
    await other.send(session._id, 'kept');
    const before = await other.messages(session._id);
    await live(me);
    await remove(me);
    await swept();
    expect(await other.messages(session._id)).toEqual(before);
    expect(await idOf(other)).toBe(session.user_id);
  });

  it('finds an index for everything that carries the id of its owner', () => {
    const { models } = server.app.get<mongoose.Connection>(getConnectionToken());
    for (const [name, { schema }] of Object.entries(models)) {
      if (!('user_id' in schema.paths)) continue;
      const first = schema.indexes().map(([key]) => Object.keys(key)[0]);
      expect({ name, indexed: first.includes('user_id') }).toEqual({ name, indexed: true });
    }
  });
});
