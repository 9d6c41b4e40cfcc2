import type { ChatSession, Message, MessageRevision } from '@chat/shared-types';
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

describe('editing a message', () => {
  let server: TestApp;
  let me: ApiClient;
  let stranger: ApiClient;
  let session: ChatSession;
  let sent: Message;
  let path: string;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    stranger = await server.newUser();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    session = await me.createSession();
    sent = await me.send(session._id, 'first');
    path = `/chat/sessions/${session._id}/messages/${sent._id}`;
  });

  const edit = (content: unknown, who = me, where = path) =>
    who.call<Message>('PATCH', where, { json: { content } });
  const revisions = async () => (await me.call<MessageRevision[]>('GET', `${path}/revisions`)).body;

  it('changes the text in place and keeps each text it was, with its own time', async () => {
    const once = await edit('second');
    expect([once.status, once.body]).toEqual([
      200,
      { ...sent, content: 'second', edited_at: expect.stringMatching(/Z$/) as string },
    ]);
    const twice = await edit(' third\n');
    expect(twice.body.content).toBe(' third\n');
    expect(await me.messages(session._id)).toEqual([listed(twice.body)]);
    expect(await revisions()).toEqual([
      { revision: 1, content: 'first', created_at: sent.created_at },
      { revision: 2, content: 'second', created_at: once.body.edited_at },
    ]);
  });

  it('counts the same text as no edit', async () => {
    const answer = await edit('first');
    expect([answer.status, answer.body]).toEqual([200, sent]);
    expect(await revisions()).toEqual([]);
  });

  it('leaves count, activity and what is shown alone', async () => {
    const before = await me.getSession(session._id);
    await edit('second');
    expect(await me.getSession(session._id)).toEqual(before);
  });

  it('pages through what it was, oldest first', async () => {
    for (const text of ['second', 'third', 'fourth', 'fifth', 'sixth']) await edit(text);
    const all = await revisions();
    const list = `${path}/revisions`;
    const { rows, pages } = await me.everyPage<MessageRevision>(`${list}?limit=2`);
    expect([rows, pages]).toEqual([all, 3]);
    expect(nextPage(await me.call('GET', `${list}?limit=5`))).toBeUndefined();

    const first = await me.call('GET', `${list}?limit=2`);
    const cursor = new URL(nextPage(first) ?? '', 'http://x').searchParams.get('cursor') ?? '';
    const rest = await me.call<MessageRevision[]>('GET', `${list}?cursor=${cursor}`);
    expect(rest.body).toEqual(all.slice(2));
    const other = await me.send(session._id, 'another');
    const elsewhere = `/chat/sessions/${session._id}/messages/${other._id}/revisions`;
    expectInvalid(await me.call('GET', `${elsewhere}?cursor=${cursor}`), '?cursor');
    const [name] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string];
    for (const place of ['x', '', '1e9', '-1', '0.5', 2, { $gt: 0 }]) {
      const forged = Buffer.from(JSON.stringify([name, place])).toString('base64url');
      expectInvalid(await me.call('GET', `${list}?cursor=${forged}`), '?cursor');
    }
    expectInvalid(await me.call('GET', `${list}?limit=0`), '?limit');
    expectInvalid(await me.call('GET', `${list}?newest=true`), '?newest');
  });

  it('keeps every text of edits made at once', async () => {
    const texts = Array.from({ length: 8 }, (_, i) => `text ${i}`);
    const answers = await Promise.all(texts.map((text) => edit(text)));
    expect(answers.map(({ status }) => status)).toEqual(texts.map(() => 200));
    const kept = await revisions();
    expect(kept.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const [last] = await me.messages(session._id);
    const seen = [...kept.map(({ content }) => content), last?.content];
    expect(seen.sort()).toEqual(['first', ...texts].sort());
  });

  it('changes a stored message of the assistant too', async () => {
    const { body } = await me.call<Message>('POST', `/chat/sessions/${session._id}/messages`, {
      json: { content: 'said', role: 'assistant' },
    });
    const where = `/chat/sessions/${session._id}/messages/${body._id}`;
    expect((await edit('corrected', me, where)).body.content).toBe('corrected');
  });

  it('waits for the end of a message that is being written', async () => {
    await withDatabase(server.databaseUri, (connection) =>
      connection
        .collection('messages')
        .updateOne({ _id: new Types.ObjectId(sent._id) }, { $set: { status: 'streaming' } }),
    );
    expectProblem(await edit('x'), 409, 'reply-running');
    expect(await revisions()).toEqual([]);
  });

  it('refuses content that is empty, too long, absent or no text, and keeps the old', async () => {
    for (const content of ['', 'x'.repeat(100_001), undefined, null, 5, { $gt: '' }]) {
      expectInvalid(await edit(content), '/content');
    }
    expectInvalid(
      await me.call('PATCH', path, { json: { content: 'x', role: 'assistant' } }),
      '/role',
    );
    expect(await me.messages(session._id)).toEqual([listed(sent)]);
    expect(await revisions()).toEqual([]);
  });

  it('finds no message that is absent, deleted, foreign or of another session', async () => {
    const other = await me.createSession();
    const messages = `/chat/sessions/${session._id}/messages`;
    const elsewhere = `/chat/sessions/${other._id}/messages/${sent._id}`;
    const cases: [ApiClient, string][] = [
      [me, `${messages}/${ABSENT}`],
      [me, elsewhere],
      [stranger, path],
    ];
    for (const [who, where] of cases) {
      expectProblem(await edit('x', who, where), 404, 'not-found');
      expectProblem(await who.call('GET', `${where}/revisions`), 404, 'not-found');
    }
    await me.call('DELETE', path);
    expectProblem(await edit('x'), 404, 'not-found');
    expectProblem(await me.call('GET', `${path}/revisions`), 404, 'not-found');
    await me.call('POST', `${path}/restore`);
    await me.call('DELETE', `/chat/sessions/${session._id}`);
    expectProblem(await edit('x'), 404, 'not-found');
    expectProblem(await me.call('GET', `${path}/revisions`), 404, 'not-found');
  });

  it('refuses an id that is none, and whoever has no token', async () => {
    for (const id of ['x', ABSENT.slice(1), '%24gt', `0x${ABSENT.slice(2)}`]) {
      const where = `/chat/sessions/${session._id}/messages/${id}`;
      expectProblem(await edit('x', me, where), 400, 'invalid-request');
      expectProblem(await me.call('GET', `${where}/revisions`), 400, 'invalid-request');
    }
    expectProblem(await edit('x', server.anonymous), 401, 'authentication-required');
    const revisionsPath = `${path}/revisions`;
    expectProblem(
      await server.anonymous.call('GET', revisionsPath),
      401,
      'authentication-required',
    );
  });

  describe('going back to a revision', () => {
    const goBack = (revision: unknown, who = me, where = path) =>
      who.call<Message>('POST', `${where}/revisions/${String(revision)}/restore`);

    it('gives the message its text again and keeps what it replaces', async () => {
      await edit('second');
      const third = await edit('third');
      const before = await me.getSession(session._id);
      const back = await goBack(1);
      expect([back.status, back.body]).toEqual([
        200,
        { ...third.body, content: 'first', edited_at: expect.stringMatching(/Z$/) as string },
      ]);
      expect(await me.messages(session._id)).toEqual([listed(back.body)]);
      expect((await revisions()).map(({ content }) => content)).toEqual([
        'first',
        'second',
        'third',
      ]);
      expect((await goBack(3)).body.content).toBe('third');
      expect((await revisions()).map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
      expect(await me.getSession(session._id)).toEqual(before);
    });

    it('changes nothing where the text is the same', async () => {
      await edit('second');
      await edit('first');
      const answer = await goBack(1);
      expect([answer.status, answer.body.content]).toEqual([200, 'first']);
      expect(await revisions()).toHaveLength(2);
    });

    it('waits for the end of a message that is being written', async () => {
      await edit('second');
      await withDatabase(server.databaseUri, (connection) =>
        connection
          .collection('messages')
          .updateOne({ _id: new Types.ObjectId(sent._id) }, { $set: { status: 'streaming' } }),
      );
      expectProblem(await goBack(1), 409, 'reply-running');
      expect(await revisions()).toHaveLength(1);
    });

    it('finds no revision that is absent, and no message of others or in the trash', async () => {
      await edit('second');
      for (const absent of [2, 999_999_999]) {
        expectProblem(await goBack(absent), 404, 'not-found');
      }
      const other = await me.createSession();
      expectProblem(await goBack(1, stranger), 404, 'not-found');
      const elsewhere = `/chat/sessions/${other._id}/messages/${sent._id}`;
      expectProblem(await goBack(1, me, elsewhere), 404, 'not-found');
      await me.call('DELETE', path);
      expectProblem(await goBack(1), 404, 'not-found');
      await me.call('POST', `${path}/restore`);
      expect((await goBack(1)).status).toBe(200);
    });

    it('refuses a number that is none, and whoever has no token', async () => {
      await edit('second');
      for (const none of ['0', '-1', '1.5', 'x', '1e3', '01', '%24gt', '9'.repeat(10), '%F0%9F']) {
        expectProblem(await goBack(none), 400, 'invalid-request');
      }
      expectProblem(await goBack(1, server.anonymous), 401, 'authentication-required');
    });
  });
});
