import type { ChatSession, Message } from '@chat/shared-types';
import { Types } from 'mongoose';
import { expectProblem, listed, type ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { EventReader } from './support/events.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const ABSENT = '0123456789abcdef01234567';
/** Twenty kinds, of every build. */
const KINDS = Array.from('👍🎉😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍🤩😘😗');

describe('reactions', () => {
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
    sent = await me.send(session._id, 'text');
    path = `/chat/sessions/${session._id}/messages/${sent._id}`;
  });

  const call = (method: string, emoji: string, who = me, where = path) =>
    who.call<Message>(method, `${where}/reactions/${encodeURIComponent(emoji)}`);
  const add = (emoji: string, who = me, where = path) => call('PUT', emoji, who, where);
  const remove = (emoji: string, who = me, where = path) => call('DELETE', emoji, who, where);
  const mine = (emoji: string) => ({ emoji, count: 1, mine: true });

  it('are put on a message and taken off, and lists tell of them', async () => {
    const once = await add('👍');
    expect([once.status, once.body]).toEqual([200, { ...sent, reactions: [mine('👍')] }]);
    const twice = await add('👩🏽‍🚀');
    expect(twice.body.reactions).toEqual([mine('👍'), mine('👩🏽‍🚀')]);
    expect(await me.messages(session._id)).toEqual([listed(twice.body)]);
    expect(await me.messages(session._id, '?branch=all')).toEqual([listed(twice.body)]);
    const less = await remove('👍');
    expect([less.status, less.body.reactions]).toEqual([200, [mine('👩🏽‍🚀')]]);
    // A page that is kept in memory is not what is answered.
    expect(await me.messages(session._id)).toEqual([listed(less.body)]);
  });

  it('count once, however often they are put, and are gone, however often they are taken off', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => add('🎉')));
    for (const { status, body } of answers) {
      expect([status, body.reactions]).toEqual([200, [mine('🎉')]]);
    }
    expect((await add('🎉')).body.reactions).toEqual([mine('🎉')]);
    expect((await remove('🎉')).body.reactions).toEqual([]);
    const again = await remove('🎉');
    expect([again.status, again.body]).toEqual([200, sent]);
  });

  it('are all kept where many are put at once through two servers', async () => {
    const second = await startTestApp({ databaseUri: server.databaseUri });
    try {
      const elsewhere = await second.anonymous.signIn(me.username ?? '');
      const some = KINDS.slice(0, 10);
      const answers = await Promise.all(
        some.map((emoji, i) => add(emoji, i % 2 === 0 ? me : elsewhere)),
      );
      expect(answers.map(({ status }) => status)).toEqual(some.map(() => 200));
      const [row] = await me.messages(session._id);
      expect(row?.reactions.map(({ emoji }) => emoji).sort()).toEqual([...some].sort());
    } finally {
      await second.stop();
    }
  });

  it('take one form of what keyboards send in two', async () => {
    expect((await add('❤')).body.reactions).toEqual([mine('❤️')]);
    expect((await add('❤️')).body.reactions).toEqual([mine('❤️')]);
    expect((await remove('❤')).body.reactions).toEqual([]);
  });

  it('are of at most twenty kinds on one message', async () => {
    for (const emoji of KINDS) expect((await add(emoji)).status).toBe(200);
    expectProblem(await add('🚀'), 409, 'conflict');
    expect((await add(KINDS[0]!)).status).toBe(200);
    await remove(KINDS[0]!);
    const last = await add('🚀');
    expect(last.body.reactions.map(({ emoji }) => emoji)).toEqual([...KINDS.slice(1), '🚀']);
  });

  it('change neither text nor count nor activity, and other tabs are told', async () => {
    const before = await me.getSession(session._id);
    const events = await EventReader.open<{ event: string; data: { session?: ChatSession } }>(
      me,
      '/chat/events',
    );
    const tells = (event: { data: { session?: ChatSession } }) =>
      event.data.session?._id === session._id;
    await events.until(tells);
    await add('👍');
    await events.until(tells);
    events.close();
    expect(await me.getSession(session._id)).toEqual(before);
  });

  it('come back with a message from the trash', async () => {
    const { body } = await add('👍');
    await me.call('DELETE', path);
    expectProblem(await add('🎉'), 404, 'not-found');
    expectProblem(await remove('👍'), 404, 'not-found');
    expect((await me.call('POST', `${path}/restore`)).body).toEqual(body);
  });

  it('are put on messages that were stored before there were any', async () => {
    await withDatabase(server.databaseUri, (connection) =>
      connection
        .collection('messages')
        .updateOne({ _id: new Types.ObjectId(sent._id) }, { $unset: { reactions: 1 } }),
    );
    expect((await remove('👍')).body.reactions).toEqual([]);
    expect((await add('👍')).body.reactions).toEqual([mine('👍')]);
  });

  it('refuse what is no emoji, or more than one', async () => {
    for (const text of [
      'a',
      '1',
      '+1',
      '👍👍',
      '👍 ',
      'thumbs up',
      '🇨',
      '\u{FE0F}',
      '$set',
      '/',
      '..x',
    ]) {
      expectProblem(await add(text), 400, 'invalid-request');
      expectProblem(await remove(text), 400, 'invalid-request');
    }
    expectProblem(await add('👍'.repeat(500)), 400, 'invalid-request');
    for (const raw of ['%', '%zz', '%F0%9F', '%ff', '%ED%A0%BD', '%00', '%F0%9F%91%8D%F0']) {
      const answer = await me.call('PUT', `${path}/reactions/${raw}`);
      expectProblem(answer, 400, 'invalid-request');
    }
    expect(await me.messages(session._id)).toEqual([listed(sent)]);
  });

  it('find no message that is absent, foreign, of another session or of one in the trash', async () => {
    const other = await me.createSession();
    const cases: [ApiClient, string][] = [
      [me, `/chat/sessions/${session._id}/messages/${ABSENT}`],
      [me, `/chat/sessions/${other._id}/messages/${sent._id}`],
      [stranger, path],
    ];
    for (const [who, where] of cases) {
      expectProblem(await add('👍', who, where), 404, 'not-found');
      expectProblem(await remove('👍', who, where), 404, 'not-found');
    }
    await me.call('DELETE', `/chat/sessions/${session._id}`);
    expectProblem(await add('👍'), 404, 'not-found');
    const malformed = `/chat/sessions/${session._id}/messages/x`;
    expectProblem(await add('👍', me, malformed), 400, 'invalid-request');
    expectProblem(await add('👍', server.anonymous), 401, 'authentication-required');
    expectProblem(await remove('👍', server.anonymous), 401, 'authentication-required');
  });
});
