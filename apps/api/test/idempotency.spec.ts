import type { ChatSession } from '@chat/shared-types';
import { expectInvalid, expectProblem, listed, type ApiClient } from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

describe('Idempotency-Key', () => {
  let server: TestApp;
  let me: ApiClient;
  let session: ChatSession;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    session = await me.createSession();
  });

  const send = (content: string, key: string, sessionId = session._id) =>
    me.trySend(sessionId, content, { 'idempotency-key': key });

  it('answers a retry with the first result, status and all, and stores nothing more', async () => {
    const first = await send('once', 'k');
    const retry = await send('once', 'k');
    expect([first.status, retry.status]).toEqual([201, 201]);
    expect(retry.body).toEqual(first.body);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(retry.headers.get('idempotency-replayed')).toBe('true');
    expect(await me.messages(session._id)).toEqual([listed(first.body)]);
    expect((await me.getSession(session._id)).message_count).toBe(1);
  });

  it('stores once when the same request comes in many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => send('race', 'r')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map(({ body }) => body._id)).size).toBe(1);
    expect(answers.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
    expect(await me.messages(session._id)).toHaveLength(1);
    expect((await me.getSession(session._id)).message_count).toBe(1);
  });

  it('refuses the key for another body, and stores nothing of it', async () => {
    await send('first', 'k');
    expectProblem(await send('second', 'k'), 422, 'idempotency-key-reused');
    expect(await me.messages(session._id)).toHaveLength(1);
  });

  it('keeps keys of other sessions and other users apart', async () => {
    const other = await me.createSession();
    const stranger = await server.newUser();
    const theirs = await stranger.createSession();
    const answers = [
      await send('mine', 'shared'),
      await send('mine too', 'shared', other._id),
      await stranger.trySend(theirs._id, 'theirs', { 'idempotency-key': 'shared' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body._id)).size).toBe(3);
  });

  it('does not remember a request that failed', async () => {
    expectInvalid(await send('', 'k'), '/content');
    expect((await send('now it is right', 'k')).status).toBe(201);
  });

  it('refuses a key that is empty or too long', async () => {
    for (const key of ['', 'k'.repeat(256)]) {
      expectProblem(await send('x', key), 400, 'invalid-request');
    }
    expect(await me.messages(session._id)).toEqual([]);
  });

  it('stores twice what is sent twice without a key', async () => {
    await me.send(session._id, 'again');
    await me.send(session._id, 'again');
    expect(await me.messages(session._id)).toHaveLength(2);
  });
});
