import type { Message } from '@chat/shared-types';
import { MULTI_BYTE, PROSE, THOUGHTS, type ScriptedProvider } from '@chat/scripted-provider';
import { expectInvalid, expectProblem, type ApiClient } from './support/api-client.js';
import { joined } from './support/events.js';
import { ask, endOf, follow, joinedOf, readAll, scripted, stored } from './support/replies.js';
import { Puppet, startScriptedApp } from './support/scripted-app.js';
import type { TestApp } from './support/test-app.js';

describe('a reply', () => {
  let server: TestApp;
  let provider: ScriptedProvider;
  let me: ApiClient;
  let session: string;

  beforeAll(async () => {
    ({ server, provider } = await startScriptedApp({ env: { MAX_RUNNING_REPLIES: '3' } }));
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    me = await server.newUser();
    session = (await me.createSession())._id;
  });

  it('is stored with its question before the provider is asked, and streams to its end', async () => {
    const puppet = new Puppet(provider);
    const { question, reply, path } = await ask(me, session, 'own');
    expect(question).toMatchObject({ role: 'user', status: 'complete', parent_id: null });
    expect(reply).toMatchObject({
      role: 'assistant',
      status: 'streaming',
      content: '',
      parent_id: question._id,
      model: 'scripted/own',
      finish_reason: null,
      usage: null,
      error: null,
    });
    expect(await me.getSession(session)).toMatchObject({
      message_count: 2,
      active_message_id: reply._id,
      last_message_at: reply.created_at,
    });
    await puppet.say('Hello', ' world');
    const reader = await follow(me, path);
    expect(reader.response.headers.get('content-type')).toBe('text/event-stream');
    expect(reader.response.headers.get('cache-control')).toContain('no-cache');
    expect(reader.response.headers.get('x-accel-buffering')).toBe('no');
    expect(reader.response.headers.get('content-encoding')).toBeNull();
    await reader.until(() => joinedOf(reader) === 'Hello world');
    expect(await stored(me, reply)).toMatchObject({ status: 'streaming', content: 'Hello world' });
    await puppet.say('!');
    await puppet.finish();
    const events = await reader.toEnd();
    expect(joinedOf(reader)).toBe('Hello world!');
    expect(events.map(({ event }) => event).slice(-2)).toEqual(['usage', 'done']);
    const ended = endOf(events);
    expect(ended).toMatchObject({
      status: 'complete',
      content: 'Hello world!',
      finish_reason: 'stop',
      usage: { input_tokens: expect.any(Number) as number, output_tokens: 3 },
      error: null,
    });
    expect(await stored(me, reply)).toMatchObject(ended);
  });

  it('is written to its end although nobody reads it', async () => {
    const { reply, path } = await ask(me, session, 'fast');
    expect((await readAll(me, path)).ended).toMatchObject({ status: 'complete', content: PROSE });
    expect(await stored(me, reply)).toMatchObject({ status: 'complete', content: PROSE });
  });

  it.each(['one-byte', 'split-utf8'])('%s: the events joined are the stored text', async (name) => {
    const { path } = await ask(me, session, name);
    const { events, ended } = await readAll(me, path);
    expect(ended.content).toBe(name === 'split-utf8' ? MULTI_BYTE : PROSE);
    expect(joined(events)).toBe(ended.content);
  });

  it('tells what the model thought apart from what it said', async () => {
    const { path } = await ask(me, session, 'reasoning');
    const { events, ended } = await readAll(me, path);
    expect(ended).toMatchObject({ content: PROSE, reasoning: THOUGHTS });
    expect(joined(events, 'reasoning')).toBe(THOUGHTS);
    expect(joined(events)).toBe(PROSE);
  });

  it('is sent whole, with the same end, to who comes later', async () => {
    const { path } = await ask(me, session, 'fast');
    const first = await readAll(me, path);
    const second = await readAll(me, path);
    expect(second.events.map(({ event }) => event)).toEqual(['delta', 'usage', 'done']);
    expect(joined(second.events)).toBe(PROSE);
    expect(second.ended).toEqual(first.ended);
  });

  it('goes to any number of readers at once, each from its beginning', async () => {
    const puppet = new Puppet(provider);
    const { path } = await ask(me, session, 'own');
    await puppet.say('one ');
    const readers = await Promise.all(Array.from({ length: 5 }, () => follow(me, path)));
    readers[0]?.close();
    await puppet.say('two');
    await puppet.finish();
    const texts = await Promise.all(readers.slice(1).map(async (one) => joined(await one.toEnd())));
    expect(texts).toEqual(Array.from({ length: 4 }, () => 'one two'));
  });

  it('streams a message that is no reply at once', async () => {
    const mine = await me.send(session, 'just stored');
    const path = `/chat/sessions/${session}/messages/${mine._id}`;
    const { events, ended } = await readAll(me, path);
    expect(events.map(({ event }) => event)).toEqual(['delta', 'done']);
    expect(joined(events)).toBe('just stored');
    expect(ended).toEqual(mine);
    expect((await me.call('POST', `${path}/stop`)).body).toEqual(mine);
  });

  it('can be asked for a HEAD of its stream without waiting', async () => {
    new Puppet(provider);
    const { path } = await ask(me, session, 'own');
    const head = await fetch(`${server.url}${path}/stream`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${me.token ?? ''}` },
    });
    expect(head.status).toBe(200);
    await me.call('POST', `${path}/stop`);
  });

  describe('that is stopped', () => {
    it('keeps what it said, tells its readers, and ends the request at the provider', async () => {
      const puppet = new Puppet(provider);
      const { path } = await ask(me, session, 'own');
      await puppet.say('half an ans');
      const reader = await follow(me, path);
      await reader.until(() => joinedOf(reader) === 'half an ans');
      const stop = await me.call<Message>('POST', `${path}/stop`);
      expect(stop.status).toBe(200);
      expect(stop.body).toMatchObject({
        status: 'stopped',
        content: 'half an ans',
        finish_reason: null,
        error: null,
      });
      expect(endOf(await reader.toEnd())).toEqual(stop.body);
      const { request } = await puppet.exchange();
      await request.closed;
      expect(request.aborted).toBe(true);
      // Once more, and after the end: as it stands.
      expect((await me.call('POST', `${path}/stop`)).body).toEqual(stop.body);
    });

    it('goes on in the same message, from where it was', async () => {
      const first = new Puppet(provider);
      const { question, reply, path } = await ask(me, session, 'own', { content: 'Count.' });
      await first.say('one, ');
      const reader = await follow(me, path);
      const position = await reader.until(() => joinedOf(reader) === 'one, ');
      await me.call('POST', `${path}/stop`);
      const second = new Puppet(provider);
      const again = await me.call<Message>('POST', `${path}/continue`);
      expect(again.status).toBe(200);
      expect(again.body).toMatchObject({ _id: reply._id, status: 'streaming', content: 'one, ' });
      const { question: asked } = await second.exchange();
      expect(asked.turns.slice(0, 2)).toEqual([
        { role: 'user', content: 'Count.' },
        { role: 'assistant', content: 'one, ' },
      ]);
      // A position of the first attempt is good for the second.
      const goingOn = await follow(me, path, position.id);
      await second.say('two');
      await second.finish();
      expect(joined(await goingOn.toEnd())).toBe('two');
      expect(await stored(me, reply)).toMatchObject({
        status: 'complete',
        content: 'one, two',
        parent_id: question._id,
      });
      expect(await me.getSession(session)).toMatchObject({ message_count: 2 });
      expectProblem(await me.call('POST', `${path}/continue`), 409, 'conflict');
    });
  });

  describe('that is written again', () => {
    it('is a new one beside the old one, and the branch that is shown', async () => {
      const { question, reply, path } = await ask(me, session, 'fast');
      await readAll(me, path);
      const again = await me.call<Message>('POST', `${path}/regenerate`, {
        json: { model: scripted('usage') },
      });
      expect(again.status).toBe(201);
      expect(again.body).toMatchObject({
        status: 'streaming',
        parent_id: question._id,
        model: 'scripted/usage',
      });
      expect(again.body._id).not.toBe(reply._id);
      const { ended } = await readAll(me, path.replace(reply._id, again.body._id));
      expect(ended.content).toBe('Counted words.');
      expect((await me.messages(session)).map(({ _id }) => _id)).toEqual([
        question._id,
        again.body._id,
      ]);
      expect(await me.getSession(session)).toMatchObject({
        message_count: 3,
        active_message_id: again.body._id,
      });
    });

    it('may run beside one of another branch, but not beside itself', async () => {
      const { path } = await ask(me, session, 'fast');
      await readAll(me, path);
      const running = new Puppet(provider);
      const second = await ask(me, session, 'own');
      expectProblem(await me.call('POST', `${second.path}/regenerate`), 409, 'reply-running');
      const beside = await me.call<Message>('POST', `${path}/regenerate`, {
        json: { model: scripted('hanging') },
      });
      expect(beside.status).toBe(201);
      expectProblem(await me.call('POST', `${path}/regenerate`), 409, 'reply-running');
      await running.finish();
      await me.call('POST', `${second.path}/stop`);
      await me.call('POST', `/chat/sessions/${session}/messages/${beside.body._id}/stop`);
    });

    it('is refused for a message of mine, and for an unknown model', async () => {
      const { question, path } = await ask(me, session, 'fast');
      await readAll(me, path);
      const mine = `/chat/sessions/${session}/messages/${question._id}`;
      expectProblem(await me.call('POST', `${mine}/regenerate`), 409, 'conflict');
      expectProblem(await me.call('POST', `${mine}/continue`), 409, 'conflict');
      const json = { model: 'scripted/nobody' };
      expectInvalid(await me.call('POST', `${path}/regenerate`, { json }), '/model');
    });
  });

  describe('that fails', () => {
    it.each([
      ['unauthorized', 'provider-key-refused', 502, ''],
      ['rate-limited', 'provider-rate-limited', 429, ''],
      ['refusing', 'provider-request-refused', 502, ''],
      ['empty', 'reply-empty', 502, ''],
      ['garbage', 'provider-', 502, ''],
      ['broken', 'provider-stream-broken', 502, 'half'],
      ['truncated', 'provider-stream-broken', 502, 'half'],
      ['malformed', 'provider-', 502, 'half'],
      ['filtered', 'reply-filtered', 502, 'half'],
    ])(
      '%s: says why, keeps the question and what had arrived',
      async (scenario, code, status, kept) => {
        const { reply, path } = await ask(me, session, scenario);
        const { events, ended } = await readAll(me, path);
        expect(events.at(-1)?.event).toBe('error');
        expect(ended).toMatchObject({
          status: 'failed',
          finish_reason: scenario === 'filtered' ? 'content_filter' : null,
          error: { status, instance: path },
        });
        expect(ended.error?.type).toContain(`/problems/${code}`);
        expect(ended.content === '').toBe(kept === '');
        expect(PROSE.startsWith(ended.content)).toBe(true);
        expect(joined(events)).toBe(ended.content);
        expect(await stored(me, reply)).toMatchObject(ended);
        expect(await me.getSession(session)).toMatchObject({ message_count: 2 });
      },
    );

    it('goes on where it broke off', async () => {
      const { path } = await ask(me, session, 'broken');
      await readAll(me, path);
      expect((await me.call('POST', `${path}/continue`)).status).toBe(200);
      expect((await readAll(me, path)).ended).toMatchObject({
        status: 'complete',
        content: PROSE,
        error: null,
      });
    });

    it('is complete at the limit of its model, and goes on from there', async () => {
      const { path } = await ask(me, session, 'length');
      const { ended } = await readAll(me, path);
      expect(ended).toMatchObject({ status: 'complete', finish_reason: 'length' });
      expect((await me.call('POST', `${path}/continue`)).status).toBe(200);
      expect((await readAll(me, path)).ended).toMatchObject({
        content: PROSE,
        finish_reason: 'stop',
      });
    });

    it('ends at a million characters', async () => {
      const { path } = await ask(me, session, 'very-long');
      const { events, ended } = await readAll(me, path);
      expect(ended).toMatchObject({ status: 'complete', finish_reason: 'length' });
      expect(ended.content).toHaveLength(1_000_000);
      expect(joined(events) === ended.content).toBe(true);
    });
  });
});
