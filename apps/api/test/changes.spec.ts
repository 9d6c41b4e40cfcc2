import type { ChangeEvent, Message } from '@chat/shared-types';
import type { ScriptedProvider } from '@chat/scripted-provider';
import { ApiClient, expectProblem } from './support/api-client.js';
import { EventReader } from './support/events.js';
import { ask, readAll } from './support/replies.js';
import { Puppet, startScriptedApp } from './support/scripted-app.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const follow = (client: ApiClient, lastEventId?: string): Promise<EventReader<ChangeEvent>> =>
  EventReader.open<ChangeEvent>(client, '/chat/events', lastEventId);

describe('GET /chat/events', () => {
  let server: TestApp;
  let second: TestApp;
  let provider: ScriptedProvider;
  let me: ApiClient;
  let there: ApiClient;
  const open: EventReader<ChangeEvent>[] = [];

  beforeAll(async () => {
    ({ server, provider } = await startScriptedApp());
    // Another process, as far as anything but the database can tell.
    second = await startTestApp({ databaseUri: server.databaseUri });
  });
  afterAll(async () => {
    await second.stop();
    await server.stop();
  });
  beforeEach(async () => {
    me = await server.newUser();
    there = new ApiClient(second.url, me.token);
  });
  afterEach(() => {
    for (const reader of open.splice(0)) reader.close();
  });

  async function listen(client: ApiClient, lastEventId?: string) {
    const reader = await follow(client, lastEventId);
    open.push(reader);
    return reader;
  }
  /** The next event of a session that is as expected. */
  const about = (reader: EventReader<ChangeEvent>, id: string, expected: object = {}) =>
    reader.until(({ event, data }) => {
      if (event !== 'session' || !('session' in data) || data.session._id !== id) return false;
      return Object.entries(expected).every(
        ([name, value]) => data.session[name as keyof typeof data.session] === value,
      );
    });

  it.each(['the same process', 'another process'])(
    'tells what happens to sessions and messages through %s',
    async (which) => {
      const reader = await listen(me);
      const other = which === 'another process' ? there : me;
      const { _id } = await other.createSession('new');
      await about(reader, _id, { title: 'new' });
      await other.call('PUT', `/chat/sessions/${_id}`, { json: { title: 'renamed' } });
      await about(reader, _id, { title: 'renamed' });
      const message = await other.send(_id, 'hello');
      await about(reader, _id, { message_count: 1, active_message_id: message._id });
      await other.call('PATCH', `/chat/sessions/${_id}/messages/${message._id}`, {
        json: { content: 'edited' },
      });
      await about(reader, _id, { message_count: 1 });
      await other.call('DELETE', `/chat/sessions/${_id}/messages/${message._id}`);
      await about(reader, _id, { message_count: 0 });
      await other.call('DELETE', `/chat/sessions/${_id}`);
      const gone = await reader.until(({ event }) => event === 'session_deleted');
      expect(gone.data).toEqual({ _id });
      await other.call('POST', `/chat/sessions/${_id}/restore`);
      const back = await about(reader, _id);
      expect(back.data).toEqual({ session: await me.getSession(_id) });
    },
  );

  it('tells when a reply begins and when it ends', async () => {
    const reader = await listen(there);
    const { _id } = await me.createSession('asked');
    const puppet = new Puppet(provider);
    const { reply, path } = await ask(me, _id, 'own');
    await puppet.say('some text');
    await about(reader, _id, { active_message_id: reply._id });
    await me.call('POST', `${path}/stop`);
    await about(reader, _id);
    const { body } = await there.call<Message[]>('GET', `/chat/sessions/${_id}/messages`);
    expect(body.at(-1)).toMatchObject({ _id: reply._id, status: 'stopped' });
    expect(provider.requests.length).toBeGreaterThan(0);
    await readAll(me, path);
  });

  it('goes on behind the last event that was received', async () => {
    const reader = await listen(me);
    const first = await me.createSession('first');
    const { id } = await about(reader, first._id);
    reader.close();
    const missed = await me.createSession('missed');
    await me.call('DELETE', `/chat/sessions/${first._id}`);
    const again = await listen(me, id);
    await about(again, missed._id, { title: 'missed' });
    await again.until(({ event }) => event === 'session_deleted');
    expect(again.received.at(-1)?.data).toEqual({ _id: first._id });
  });

  it('tells each state once, and nothing of other users', async () => {
    const stranger = await server.newUser();
    const reader = await listen(me);
    await stranger.createSession('not mine');
    const { _id } = await me.createSession('mine');
    for (let i = 0; i < 5; i += 1) await me.send(_id, `m${i}`);
    await about(reader, _id, { message_count: 5 });
    const last = await me.createSession('last');
    await about(reader, last._id);
    const states = reader.received.map(({ data }) => JSON.stringify(data));
    expect(new Set(states).size).toBe(states.length);
    expect(states.join('')).not.toContain('not mine');
  });

  it.each(['garbage', '12', '-1-0123456789abcdef01234567', '1-x', '9'.repeat(40)])(
    'refuses %s as an id',
    async (id) => {
      const answer = await me.call('GET', '/chat/events', { headers: { 'last-event-id': id } });
      expectProblem(answer, 400, 'invalid-request');
    },
  );

  it('takes an id of the far future for now', async () => {
    const reader = await listen(me, '999999999999999-0123456789abcdef01234567');
    const { _id } = await me.createSession('now');
    await about(reader, _id);
  });

  it('asks for a token, and ends when one would', async () => {
    expectProblem(
      await server.anonymous.call('GET', '/chat/events'),
      401,
      'authentication-required',
    );
    const brief = await startTestApp({ env: { ACCESS_TOKEN_TTL: '1' } });
    try {
      const reader = await follow(await brief.newUser());
      expect(await reader.toEnd()).toEqual([]);
    } finally {
      await brief.stop();
    }
  });

  it('ends with its server', async () => {
    const brief = await startTestApp();
    const reader = await follow(await brief.newUser());
    const ended = reader.toEnd();
    await brief.stop();
    expect(await ended).toEqual([]);
  });
});
