import type { ChatSession, DeletedMessage, Message } from '@chat/shared-types';
import {
  expectInvalid,
  expectProblem,
  listed,
  nextPage,
  type ApiClient,
} from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('messages', () => {
  let server: TestApp;
  let me: ApiClient;
  let stranger: ApiClient;
  let session: ChatSession;
  let path: string;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    stranger = await server.newUser();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    session = await me.createSession();
    path = `/chat/sessions/${session._id}/messages`;
  });

  describe('sending', () => {
    it('answers the stored message and moves count and activity with it', async () => {
      const answer = await me.call<Message>('POST', path, { json: { content: 'Hello!' } });
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
        session_id: session._id,
        user_id: session.user_id,
        content: 'Hello!',
        role: 'user',
        created_at: expect.stringMatching(TIME) as string,
        parent_id: null,
        status: 'complete',
        model: null,
        finish_reason: null,
        usage: null,
        reasoning: null,
        error: null,
        edited_at: null,
        reactions: [],
      });
      expect(await me.messages(session._id)).toEqual([listed(answer.body)]);
      expect(await me.getSession(session._id)).toMatchObject({
        message_count: 1,
        last_message_at: answer.body.created_at,
        active_message_id: answer.body._id,
      });
    });

    it('takes either role and no third', async () => {
      for (const role of ['user', 'assistant']) {
        const answer = await me.call<Message>('POST', path, { json: { content: 'x', role } });
        expect([answer.status, answer.body.role]).toEqual([201, role]);
      }
      for (const role of ['system', '', null, { $ne: 'user' }, ['user']]) {
        expectInvalid(await me.call('POST', path, { json: { content: 'x', role } }), '/role');
      }
      expect(await me.messages(session._id)).toHaveLength(2);
    });

    it.each([
      ['blanks and line ends around it', ' \t\r\n two\n\n lines \n'],
      ['nothing but a blank', ' '],
      ['other scripts, joined emoji, combining marks', 'שלום 世界 👩‍👩‍👧‍👦 e\u0301 \u202Ertl'],
      ['characters that are special elsewhere', '{"$gt":""} <script> \u0000 \u2028 \uFEFF \\u0041'],
      ['100,000 characters of three bytes each', '漢'.repeat(100_000)],
      ['100,000 characters of four bytes each', '🎉'.repeat(100_000)],
    ])('keeps the content exactly: %s', async (_title, content) => {
      const sent = await me.send(session._id, content);
      expect(sent.content).toBe(content);
      const [stored] = await me.messages(session._id);
      expect(stored?.content).toBe(content);
    });

    it('takes the longest text also from a client that escapes all but ASCII', async () => {
      const raw = `{"content":"${'\\ud83c\\udf89'.repeat(100_000)}"}`;
      const headers = { 'content-type': 'application/json' };
      const { status, body } = await me.call<Message>('POST', path, { raw, headers });
      expect([status, body.content === '🎉'.repeat(100_000)]).toEqual([201, true]);
    });

    it('stores nothing of content that is empty, too long, absent or no text', async () => {
      const tooLong = ['x'.repeat(100_001), '🎉'.repeat(100_001), '\u2764\ufe0f'.repeat(50_001)];
      for (const content of ['', ...tooLong, undefined, null, 5, { $gt: '' }, ['x']]) {
        const answer = await me.call('POST', path, { json: { content } });
        expect(expectInvalid(answer, '/content')).toMatchObject([
          { detail: 'content must be a text of 1 to 100000 characters.' },
        ]);
      }
      expectInvalid(
        await me.call('POST', path, { json: { content: 'x', user_id: stranger.username } }),
        '/user_id',
      );
      expect(await me.messages(session._id)).toEqual([]);
      expect((await me.getSession(session._id)).message_count).toBe(0);
    });

    it('refuses half a surrogate pair, which no encoding can carry, instead of altering it', async () => {
      const answer = await me.call('POST', path, {
        raw: String.raw`{"content":"half \ud83d of it"}`,
        headers: { 'content-type': 'application/json' },
      });
      expectInvalid(answer, '/content');
      expect(await me.messages(session._id)).toEqual([]);
    });

    it('lists concurrent sends in the order of strictly rising times', async () => {
      const sent = await Promise.all(
        Array.from({ length: 30 }, (_, i) => me.send(session._id, `message ${i}`)),
      );
      const rows = await me.messages(session._id);
      expect(rows.map(({ _id }) => _id).sort()).toEqual(sent.map(({ _id }) => _id).sort());
      const times = rows.map(({ created_at }) => created_at);
      expect(new Set(times).size).toBe(30);
      expect(times).toEqual([...times].sort());
      const { message_count, last_message_at } = await me.getSession(session._id);
      expect([message_count, last_message_at]).toEqual([30, times.at(-1)]);
    });

    it('lists quick sends as they were acknowledged', async () => {
      const sent: Message[] = [];
      for (let i = 0; i < 25; i += 1) sent.push(await me.send(session._id, `m${i}`));
      expect(await me.messages(session._id)).toEqual(sent.map(listed));
    });
  });

  describe('listing', () => {
    let sent: Message[];
    beforeEach(async () => {
      sent = [];
      for (let i = 0; i < 7; i += 1) sent.push(await me.send(session._id, `m${i}`));
    });

    it.each([
      ['oldest first', '', (list: Message[]) => list],
      ['oldest first when asked', '&order=asc', (list: Message[]) => list],
      ['newest first when asked', '&order=desc', (list: Message[]) => list.toReversed()],
    ])('pages through everything once, %s', async (_title, order, arrange) => {
      for (const limit of [1, 3, 6, 7, 100]) {
        const paged = await me.everyPage<Message>(`${path}?limit=${limit}${order}`);
        expect(paged.rows).toEqual(arrange(sent).map(listed));
        expect(paged.pages).toBe(Math.ceil(7 / limit));
      }
    });

    it('neither skips nor repeats when messages come and go between pages', async () => {
      const first = await me.call<Message[]>('GET', `${path}?limit=3`);
      await me.call('DELETE', `${path}/${sent[2]!._id}`);
      const late = await me.send(session._id, 'late');
      const rest = await me.everyPage<Message>(nextPage(first) ?? 'there is no next page');
      expect([...first.body, ...rest.rows]).toEqual([...sent, late].map(listed));
    });

    it('continues behind a cursor without a limit', async () => {
      const first = await me.call<Message[]>('GET', `${path}?limit=2`);
      const next = new URLSearchParams(nextPage(first)?.split('?')[1]);
      const rest = await me.messages(session._id, `?cursor=${next.get('cursor') ?? ''}`);
      expect(rest).toEqual(sent.slice(2).map(listed));
    });

    it('rejects a cursor of another session or another order', async () => {
      const other = await me.createSession();
      const first = await me.call<Message[]>('GET', `${path}?limit=2`);
      const cursor = new URLSearchParams(nextPage(first)?.split('?')[1]).get('cursor') ?? '';
      for (const foreign of [
        `/chat/sessions/${other._id}/messages?cursor=${cursor}`,
        `${path}?order=desc&cursor=${cursor}`,
        `${path}?deleted=true&cursor=${cursor}`,
      ]) {
        expectInvalid(await me.call('GET', foreign), '?cursor');
      }
    });

    it('refuses an order that is none', async () => {
      for (const order of ['up', '', '1']) {
        expectInvalid(await me.call('GET', `${path}?order=${order}`), '?order');
      }
      expectInvalid(await me.call('GET', `${path}?order[$ne]=asc`), '?order[$ne]');
    });
  });

  describe('the trash', () => {
    it('takes a message out of the list and the count, and gives it back in its old place', async () => {
      const sent: Message[] = [];
      for (const content of ['a', 'b', 'c']) sent.push(await me.send(session._id, content));
      const middle = sent[1]!;
      const before = await me.getSession(session._id);

      const deleted = await me.call('DELETE', `${path}/${middle._id}`);
      expect([deleted.status, deleted.body]).toEqual([204, undefined]);
      expect(await me.messages(session._id)).toEqual([sent[0]!, sent[2]!].map(listed));
      expect((await me.getSession(session._id)).message_count).toBe(2);
      expect(await me.messages(session._id, '?deleted=true')).toEqual([
        {
          ...listed(middle),
          deleted_at: expect.stringMatching(TIME) as string,
        } satisfies DeletedMessage,
      ]);

      const restored = await me.call('POST', `${path}/${middle._id}/restore`);
      expect([restored.status, restored.body]).toEqual([200, middle]);
      expect(await me.messages(session._id)).toEqual(sent.map(listed));
      expect(await me.messages(session._id, '?deleted=true')).toEqual([]);
      expect(await me.getSession(session._id)).toMatchObject({
        message_count: before.message_count,
        last_message_at: before.last_message_at,
      });
    });

    it('counts a message once, however often and at once it is deleted or restored', async () => {
      const kept = await me.send(session._id, 'kept');
      const { _id } = await me.send(session._id, 'deleted');
      const statuses = await Promise.all(
        Array.from({ length: 6 }, async () => (await me.call('DELETE', `${path}/${_id}`)).status),
      );
      expect(statuses.sort()).toEqual([204, 404, 404, 404, 404, 404]);
      expect((await me.getSession(session._id)).message_count).toBe(1);
      await Promise.all(Array.from({ length: 6 }, () => me.call('POST', `${path}/${_id}/restore`)));
      expect((await me.getSession(session._id)).message_count).toBe(2);
      expect((await me.messages(session._id))[0]).toEqual(listed(kept));
    });

    it('finds no message of another session, of a deleted session or of somebody else', async () => {
      const { _id } = await me.send(session._id, 'here');
      const other = await me.createSession();
      const elsewhere = `/chat/sessions/${other._id}/messages/${_id}`;
      for (const [who, method, where] of [
        [me, 'DELETE', elsewhere],
        [me, 'POST', `${elsewhere}/restore`],
        [stranger, 'DELETE', `${path}/${_id}`],
        [stranger, 'POST', `${path}/${_id}/restore`],
      ] as const) {
        expectProblem(await who.call(method, where), 404, 'not-found');
      }
      await me.call('DELETE', `/chat/sessions/${session._id}`);
      expectProblem(await me.call('DELETE', `${path}/${_id}`), 404, 'not-found');
      await me.call('POST', `/chat/sessions/${session._id}/restore`);
      expect(await me.messages(session._id)).toHaveLength(1);
      expect((await me.getSession(session._id)).message_count).toBe(1);
    });
  });
});
