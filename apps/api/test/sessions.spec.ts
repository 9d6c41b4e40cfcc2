import type { ChatSession, DeletedChatSession } from '@chat/shared-types';
import { Types } from 'mongoose';
import {
  expectInvalid,
  expectProblem,
  listed,
  nextPage,
  type ApiClient,
} from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const ABSENT = '0123456789abcdef01234567';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('sessions', () => {
  let server: TestApp;
  let me: ApiClient;
  let stranger: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
    stranger = await server.newUser();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    me = await server.newUser();
  });

  describe('creating', () => {
    it('answers the whole session, empty', async () => {
      const answer = await me.call<ChatSession>('POST', '/chat/sessions', {
        json: { title: '  First steps ' },
      });
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
        user_id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
        title: 'First steps',
        message_count: 0,
        last_message_at: null,
        model: null,
        system_prompt: null,
        active_message_id: null,
        folder_id: null,
        pinned: false,
        archived: false,
        tags: [],
        unread: false,
        created_at: expect.stringMatching(TIME) as string,
        updated_at: expect.stringMatching(TIME) as string,
      });
    });

    it('calls it "New Chat" where no title is given, with an empty body or none', async () => {
      expect((await me.createSession()).title).toBe('New Chat');
      const bare = await me.call<ChatSession>('POST', '/chat/sessions');
      expect([bare.status, bare.body.title]).toEqual([201, 'New Chat']);
    });

    it('takes a title of 200 characters, and none of 201 or of blanks', async () => {
      expect((await me.createSession('t'.repeat(200))).title).toHaveLength(200);
      for (const title of ['t'.repeat(201), '', ' \t ', null, 7, { $gt: '' }, ['a']]) {
        expectInvalid(await me.call('POST', '/chat/sessions', { json: { title } }), '/title');
      }
      expect(await me.everyPage('/chat/sessions')).toMatchObject({ rows: [{}] });
    });

    it('counts characters, whatever they are made of', async () => {
      for (const character of ['🎉', '漢']) {
        const title = character.repeat(200);
        expect((await me.createSession(title)).title).toBe(title);
      }
      // A variation selector is a character too: what `class-validator` does not count.
      for (const title of ['🎉'.repeat(201), '\u2764\ufe0f'.repeat(101)]) {
        expectInvalid(await me.call('POST', '/chat/sessions', { json: { title } }), '/title');
      }
    });

    it('refuses a property that it does not know', async () => {
      const answer = await me.call('POST', '/chat/sessions', {
        json: { title: 'x', message_count: 9 },
      });
      expectInvalid(answer, '/message_count');
    });
  });

  describe('listing', () => {
    it('puts the most recent activity first: the last message, else the creation', async () => {
      const oldest = await me.createSession('oldest');
      const middle = await me.createSession('middle');
      const newest = await me.createSession('newest');
      await me.send(oldest._id, 'up you go');
      const { rows } = await me.everyPage<ChatSession>('/chat/sessions');
      expect(rows.map(({ _id }) => _id)).toEqual([oldest._id, newest._id, middle._id]);
    });

    it('is whole without a limit and has no next page then', async () => {
      for (let i = 0; i < 4; i += 1) await me.createSession(`s${i}`);
      const answer = await me.call<ChatSession[]>('GET', '/chat/sessions');
      expect(answer.body).toHaveLength(4);
      expect(nextPage(answer)).toBeUndefined();
    });

    it('pages through everything once, in order', async () => {
      for (let i = 0; i < 7; i += 1) await me.createSession(`s${i}`);
      const whole = await me.everyPage<ChatSession>('/chat/sessions');
      const paged = await me.everyPage<ChatSession>('/chat/sessions?limit=3');
      expect(paged.pages).toBe(3);
      expect(paged.rows).toEqual(whole.rows);
    });

    it('announces no next page where the last one is exactly full', async () => {
      for (let i = 0; i < 4; i += 1) await me.createSession(`s${i}`);
      expect((await me.everyPage('/chat/sessions?limit=2')).pages).toBe(2);
    });

    it('shows nothing of anybody else', async () => {
      await stranger.createSession('private');
      expect((await me.everyPage('/chat/sessions')).rows).toEqual([]);
      expect((await me.everyPage('/chat/sessions?deleted=true')).rows).toEqual([]);
    });

    it('refuses limits, flags and parameters that are none', async () => {
      for (const limit of ['0', '101', '-1', '1.5', 'many', '', '1e1x']) {
        expectInvalid(await me.call('GET', `/chat/sessions?limit=${limit}`), '?limit');
      }
      expectInvalid(await me.call('GET', '/chat/sessions?limit=1&limit=2'), '?limit');
      expectInvalid(await me.call('GET', '/chat/sessions?deleted=maybe'), '?deleted');
      expectInvalid(await me.call('GET', '/chat/sessions?limit[$gt]='), '?limit[$gt]');
    });

    it('rejects a cursor that was made up, cut short or taken from another list', async () => {
      for (let i = 0; i < 3; i += 1) await me.createSession(`s${i}`);
      const first = await me.call('GET', '/chat/sessions?limit=1');
      const cursor = new URLSearchParams(nextPage(first)?.split('?')[1]).get('cursor') ?? '';
      expect(cursor).not.toBe('');
      for (const wrong of ['', 'x', cursor.slice(0, -4), '%00', 'e30', 'W10']) {
        expectInvalid(await me.call('GET', `/chat/sessions?limit=1&cursor=${wrong}`), '?cursor');
      }
      const trash = await me.call('GET', `/chat/sessions?deleted=true&cursor=${cursor}`);
      expectInvalid(trash, '?cursor');
      const session = await me.createSession();
      const messages = `/chat/sessions/${session._id}/messages?cursor=${cursor}`;
      expectInvalid(await me.call('GET', messages), '?cursor');
    });
  });

  describe('reading and renaming', () => {
    it('reads what was created', async () => {
      const session = await me.createSession('here');
      expect(await me.getSession(session._id)).toEqual(session);
      expect(await me.getSession(session._id.toUpperCase())).toEqual(session);
    });

    it('renames, trims, and leaves the order of the list alone', async () => {
      const first = await me.createSession('first');
      const second = await me.createSession('second');
      const answer = await me.call<ChatSession>('PUT', `/chat/sessions/${first._id}`, {
        json: { title: ' renamed ' },
      });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        ...first,
        title: 'renamed',
        updated_at: expect.stringMatching(TIME) as string,
      });
      expect(answer.body.updated_at >= first.updated_at).toBe(true);
      const { rows } = await me.everyPage<ChatSession>('/chat/sessions');
      expect(rows.map(({ _id }) => _id)).toEqual([second._id, first._id]);
    });

    it('refuses a new title that is none and keeps the old one', async () => {
      const session = await me.createSession('kept');
      const path = `/chat/sessions/${session._id}`;
      for (const json of [{}, { title: '' }, { title: null }, { title: 't'.repeat(201) }]) {
        expectInvalid(await me.call('PUT', path, { json }), '/title');
      }
      expect((await me.getSession(session._id)).title).toBe('kept');
    });
  });

  describe('the trash', () => {
    it('hides a deleted session and brings it back as it was', async () => {
      const { _id } = await me.createSession('gone and back');
      const sent = await me.send(_id, 'still here');
      const before = await me.getSession(_id);

      const deleted = await me.call('DELETE', `/chat/sessions/${_id}`);
      expect([deleted.status, deleted.body]).toEqual([204, undefined]);
      expect((await me.everyPage('/chat/sessions')).rows).toEqual([]);
      const trash = await me.call<DeletedChatSession[]>('GET', '/chat/sessions?deleted=true');
      expect(trash.body).toEqual([
        { ...before, deleted_at: expect.stringMatching(TIME) as string },
      ]);

      const restored = await me.call('POST', `/chat/sessions/${_id}/restore`);
      expect([restored.status, restored.body]).toEqual([200, before]);
      expect(await me.messages(_id)).toEqual([listed(sent)]);
      expect((await me.everyPage('/chat/sessions?deleted=true')).rows).toEqual([]);
    });

    it('pages like the list of live ones', async () => {
      for (let i = 0; i < 5; i += 1) {
        const { _id } = await me.createSession(`s${i}`);
        await me.call('DELETE', `/chat/sessions/${_id}`);
      }
      const paged = await me.everyPage<ChatSession>('/chat/sessions?deleted=true&limit=2');
      expect(paged.pages).toBe(3);
      expect(new Set(paged.rows.map(({ _id }) => _id)).size).toBe(5);
    });
  });

  it('notes every change of a session and of its messages, for those who follow', async () => {
    const { _id } = await me.createSession();
    const path = `/chat/sessions/${_id}`;
    const sent = await me.send(_id, 'a');
    const message = `${path}/messages/${sent._id}`;
    const changes: [method: string, path: string, json?: object][] = [
      ['POST', `${path}/messages`, { content: 'b' }],
      ['POST', `${path}/messages`, { content: 'c', parent_id: sent._id }],
      ['PATCH', message, { content: 'edited' }],
      ['DELETE', message],
      ['POST', `${message}/restore`],
      ['PUT', path, { title: 'renamed' }],
      ['PUT', path, { active_message_id: sent._id }],
      ['DELETE', path],
      ['POST', `${path}/restore`],
    ];
    const noted = () =>
      withDatabase(server.databaseUri, async (connection) => {
        const id = new Types.ObjectId(_id);
        const stored = await connection.collection('chat_sessions').findOne({ _id: id });
        return { at: stored?.changed_at as Date, number: stored?.change_number as number };
      });
    let before = await noted();
    for (const [method, where, json] of changes) {
      const sentAt = new Date();
      expect((await me.call(method, where, { json })).status).toBeLessThan(300);
      const after = await noted();
      expect({ method, where, rises: after.number > before.number }).toMatchObject({ rises: true });
      expect(after.at.getTime()).toBeGreaterThanOrEqual(sentAt.getTime());
      before = after;
    }
    await me.call('GET', `${path}/messages`);
    expect(await noted()).toEqual(before);
  });

  interface Call {
    readonly method: string;
    readonly path: (id: string) => string;
    readonly json?: object;
  }
  const calls: readonly Call[] = [
    { method: 'GET', path: (id) => `/chat/sessions/${id}` },
    { method: 'PUT', path: (id) => `/chat/sessions/${id}`, json: { title: 'x' } },
    {
      method: 'PUT',
      path: (id) => `/chat/sessions/${id}`,
      json: { model: null, system_prompt: 'x', active_message_id: ABSENT },
    },
    { method: 'DELETE', path: (id) => `/chat/sessions/${id}` },
    { method: 'POST', path: (id) => `/chat/sessions/${id}/restore` },
    { method: 'GET', path: (id) => `/chat/sessions/${id}/messages` },
    { method: 'GET', path: (id) => `/chat/sessions/${id}/messages?deleted=true` },
    { method: 'GET', path: (id) => `/chat/sessions/${id}/messages?branch=all` },
    { method: 'GET', path: (id) => `/chat/sessions/${id}/messages?leaf=${ABSENT}` },
    { method: 'POST', path: (id) => `/chat/sessions/${id}/messages`, json: { content: 'x' } },
    {
      method: 'POST',
      path: (id) => `/chat/sessions/${id}/messages`,
      json: { content: 'x', parent_id: null },
    },
    {
      method: 'PATCH',
      path: (id) => `/chat/sessions/${id}/messages/${ABSENT}`,
      json: { content: 'x' },
    },
    { method: 'GET', path: (id) => `/chat/sessions/${id}/messages/${ABSENT}/revisions` },
    { method: 'DELETE', path: (id) => `/chat/sessions/${id}/messages/${ABSENT}` },
    { method: 'POST', path: (id) => `/chat/sessions/${id}/messages/${ABSENT}/restore` },
  ];
  const named = calls.map((call) => ({
    ...call,
    name: `${call.method} ${call.path('{id}')} ${Object.keys(call.json ?? {}).join()}`.trim(),
  }));

  it.each(named)('$name answers the same 404 for absent, deleted and foreign', async (call) => {
    const { method, path, json } = call;
    const foreign = await stranger.createSession('foreign');
    const deleted = await me.createSession('deleted');
    // Restoring is what the trash is for; anything else finds nothing there.
    const ids = path('x').endsWith('/x/restore') ? [] : [deleted._id];
    await me.call('DELETE', `/chat/sessions/${deleted._id}`);
    const bodies = new Set<string>();
    for (const id of [ABSENT, foreign._id, ...ids]) {
      const problem = expectProblem(await me.call(method, path(id), { json }), 404, 'not-found');
      bodies.add(JSON.stringify({ ...problem, instance: problem.instance.replace(id, '') }));
    }
    expect(bodies.size).toBe(1);
    expect((await stranger.getSession(foreign._id)).title).toBe('foreign');
  });

  it.each(named)('$name refuses an id that is none', async ({ method, path, json }) => {
    for (const id of ['x', ABSENT.slice(1), `${ABSENT}0`, '%24gt', 'undefined', '[object]']) {
      expectProblem(await me.call(method, path(id), { json }), 400, 'invalid-request');
    }
  });

  it.each([
    ...named,
    { name: 'POST /chat/sessions', method: 'POST', path: () => '/chat/sessions', json: {} },
    { name: 'GET /chat/sessions', method: 'GET', path: () => '/chat/sessions' },
  ])('$name without a token is 401 and says how to sign in', async (call: Call) => {
    const { method, path, json } = call;
    const answer = await server.anonymous.call(method, path(ABSENT), { json });
    expectProblem(answer, 401, 'authentication-required');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
  });
});
