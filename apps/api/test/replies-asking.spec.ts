import { LIMITS, type ChangeEvent } from '@chat/shared-types';
import type { ScriptedProvider } from '@chat/scripted-provider';
import { expectInvalid, expectProblem, type ApiClient } from './support/api-client.js';
import { EventReader } from './support/events.js';
import { ask, endOf, follow, joinedOf, readAll, scripted, tryAsk } from './support/replies.js';
import { isForTitle, Puppet, startScriptedApp } from './support/scripted-app.js';
import type { TestApp } from './support/test-app.js';

const NOBODY = '0123456789abcdef01234567';

describe('asking for a reply', () => {
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
  describe('is refused', () => {
    it('while another one is written in the session', async () => {
      new Puppet(provider);
      const { path } = await ask(me, session, 'own');
      expectProblem(await tryAsk(me, session), 409, 'reply-running');
      expect(await me.getSession(session)).toMatchObject({ message_count: 2 });
      // Plain messages are stored as ever.
      await me.send(session, 'and another thing');
      await me.call('POST', `${path}/stop`);
      expect((await tryAsk(me, session)).status).toBe(201);
    });

    it('where two are asked for at once: one is stored whole, the other not at all', async () => {
      new Puppet(provider);
      const body = { reply: { model: scripted('own') } };
      const answers = await Promise.all([1, 2, 3].map(() => tryAsk(me, session, body)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
      expect(await me.getSession(session)).toMatchObject({ message_count: 2 });
    });

    it('where the user has as many running as are allowed', async () => {
      new Puppet(provider);
      const sessions = await Promise.all([1, 2, 3, 4, 5].map(() => me.createSession()));
      const body = { reply: { model: scripted('own') } };
      const answers = await Promise.all(sessions.map(({ _id }) => tryAsk(me, _id, body)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 429, 429]);
      const refused = answers.find(({ status }) => status === 429)!;
      expectProblem(refused, 429, 'too-many-replies');
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      const { reply } = answers.find(({ status }) => status === 201)!.body;
      await me.call('POST', `/chat/sessions/${reply?.session_id}/messages/${reply?._id}/stop`);
      expect((await tryAsk(me, session, body)).status).toBe(201);
    });

    it.each([
      [{ reply: { model: 'scripted/nobody' } }, '/reply/model'],
      [{ reply: { model: 'x' } }, '/reply/model'],
      [{ reply: { modle: 'x' } }, '/reply/modle'],
      [{ reply: 'yes' }, '/reply'],
      [{ reply: null }, '/reply'],
      [{ reply: [] }, '/reply'],
      [{ reply: 1 }, '/reply'],
      [{ reply: true, role: 'assistant' }, '/reply'],
      [{ reply: true, parent_id: 'x' }, '/parent_id'],
    ])('for %j', async (body, pointer) => {
      expectInvalid(await tryAsk(me, session, body as object), pointer);
      expect(await me.messages(session)).toEqual([]);
    });

    it('to everybody but the owner, in every call', async () => {
      new Puppet(provider);
      const { path } = await ask(me, session, 'own');
      const other = await server.newUser();
      const calls = [
        ['GET', `${path}/stream`],
        ['POST', `${path}/stop`],
        ['POST', `${path}/regenerate`],
        ['POST', `${path}/continue`],
        ['POST', `/chat/sessions/${session}/title`],
      ] as const;
      for (const [method, url] of calls) {
        expectProblem(await other.call(method, url), 404, 'not-found');
        const unknown = url.replace(session, NOBODY);
        expectProblem(await me.call(method, unknown), 404, 'not-found');
        expectProblem(await me.call(method, url.replace(session, 'x')), 400, 'invalid-request');
      }
      expectProblem(await tryAsk(other, session), 404, 'not-found');
      await me.call('POST', `${path}/stop`);
      expectProblem(await tryAsk(me, session, { parent_id: NOBODY }), 404, 'not-found');
    });
  });

  it('is the first result of a retry with the same key, and the provider is asked once', async () => {
    const puppet = new Puppet(provider);
    const headers = { 'idempotency-key': 'once' };
    const body = { content: 'Only once, please.', reply: { model: scripted('own') } };
    const first = await tryAsk(me, session, body, headers);
    await puppet.say('yes');
    await puppet.finish();
    const path = `/chat/sessions/${session}/messages/${first.body.reply?._id}`;
    await readAll(me, path);
    const retry = await tryAsk(me, session, body, headers);
    expect(retry).toMatchObject({ status: 201, body: first.body });
    expect(retry.headers.get('idempotency-replayed')).toBe('true');
    const asked = provider.requests.filter(
      (request) => !isForTitle(request) && JSON.stringify(request.body).includes(body.content),
    );
    expect(asked).toHaveLength(1);
    const plain = await tryAsk(me, session, { ...body, reply: undefined }, headers);
    expectProblem(plain, 422, 'idempotency-key-reused');
  });

  it('ends with its session, with its message, and its readers are told', async () => {
    for (const gone of ['message', 'session']) {
      const { _id } = await me.createSession();
      const puppet = new Puppet(provider);
      const { path } = await ask(me, _id, 'own');
      await puppet.say('going');
      const reader = await follow(me, path);
      await reader.until(() => joinedOf(reader) === 'going');
      const url = gone === 'session' ? `/chat/sessions/${_id}` : path;
      expect((await me.call('DELETE', url)).status).toBe(204);
      expect(endOf(await reader.toEnd())).toMatchObject({ status: 'stopped', content: 'going' });
      expectProblem(await me.call('GET', `${path}/stream`), 404, 'not-found');
      expect((await me.call('POST', `${url}/restore`)).status).toBe(200);
      expect((await readAll(me, path)).ended.status).toBe('stopped');
    }
  });

  it('cannot be edited while it is written', async () => {
    new Puppet(provider);
    const { path } = await ask(me, session, 'own');
    expectProblem(await me.call('PATCH', path, { json: { content: 'x' } }), 409, 'reply-running');
    await me.call('POST', `${path}/stop`);
  });

  describe('is asked for with', () => {
    it('the branch it belongs to, the system prompt and the model of the session', async () => {
      await me.call('PUT', `/chat/sessions/${session}`, {
        json: { model: scripted('echo'), system_prompt: 'Be brief.' },
      });
      const first = await tryAsk(me, session, { content: 'first' });
      const path = `/chat/sessions/${session}/messages/${first.body.reply?._id}`;
      await readAll(me, path);
      // Beside it, from the root: the other branch is no part of the prompt.
      const beside = await ask(me, session, 'echo', { content: 'beside', parent_id: null });
      await readAll(me, beside.path);
      await ask(me, session, 'usage', { content: 'more' });
      const { question } = await provider.waitForRequest(({ body }) =>
        JSON.stringify(body).includes('"more"'),
      );
      expect(question).toMatchObject({
        model: 'usage',
        system: 'Be brief.',
        turns: [
          { role: 'user', content: 'beside' },
          { role: 'assistant', content: 'beside' },
          { role: 'user', content: 'more' },
        ],
      });
    });

    it('no more of a long conversation than fits, the system prompt and the question always', async () => {
      await me.call('PUT', `/chat/sessions/${session}`, { json: { system_prompt: 'Keep this.' } });
      for (let i = 0; i < 12; i += 1) await me.send(session, `${'old words '.repeat(30)}${i}`);
      const puppet = new Puppet(provider, 'small-window');
      const { path } = await ask(me, session, 'small-window', { content: 'the question' });
      const { question } = await puppet.exchange();
      expect(question.system).toBe('Keep this.');
      // Turns of one person in a row are one turn to the provider.
      const [turn, ...others] = question.turns;
      expect(others).toEqual([]);
      const texts = turn?.content.split('\n\n') ?? [];
      expect(texts.at(-1)).toBe('the question');
      const kept = texts.slice(0, -1).map((text) => text.split(' ').at(-1));
      expect(kept.length).toBeGreaterThan(2);
      expect(kept.length).toBeLessThan(12);
      // The newest of them, without a gap.
      expect(kept).toEqual(Array.from({ length: 12 }, (_, i) => String(i)).slice(-kept.length));
      await puppet.finish();
      await readAll(me, path);
    });

    it('every message that fits once and in order, however many pages they are read in', async () => {
      const sent = Array.from({ length: 300 }, (_, i) => `word ${i}`);
      for (const content of sent) await me.send(session, content);
      const puppet = new Puppet(provider, 'other');
      const { path } = await ask(me, session, 'other', { content: 'the question' });
      const { question } = await puppet.exchange();
      expect(question.turns).toEqual([
        { role: 'user', content: [...sent, 'the question'].join('\n\n') },
      ]);
      await puppet.finish();
      await readAll(me, path);
    });
  });

  describe('gives its session a title', () => {
    const titleOf = async (): Promise<string> => (await me.getSession(session)).title;

    it('made by the model, once, without counting as activity', async () => {
      provider.script('other', async (exchange) => {
        await exchange.say(isForTitle(exchange) ? '"Words about words."' : 'An answer.');
        await exchange.finish();
      });
      await me.call('PUT', `/chat/sessions/${session}`, { json: { model: scripted('other') } });
      const events = await followChanges();
      const { reply, path } = await ask(me, session, 'other');
      const { ended } = await readAll(me, path);
      expect(ended.content).toBe('An answer.');
      const titled = await events.until(
        ({ data }) => 'session' in data && data.session.title === 'Words about words',
      );
      events.close();
      expect(titled.data).toMatchObject({ session: { last_message_at: reply.created_at } });
      await me.call('PUT', `/chat/sessions/${session}`, { json: { title: 'Mine' } });
      const made = await me.call('POST', `/chat/sessions/${session}/title`);
      expect(made).toMatchObject({ status: 200, body: { title: 'Words about words' } });
    });

    it('cut from the question where no model offers one', async () => {
      await me.call('PUT', `/chat/sessions/${session}`, { json: { model: scripted('failing') } });
      await me.send(session, '  # How do I   write a title?\nAnd more.');
      expect(await titleOf()).toBe(LIMITS.sessionTitle.default);
      const made = await me.call('POST', `/chat/sessions/${session}/title`);
      expect(made).toMatchObject({ status: 200, body: { title: 'How do I write a title?' } });
    });

    it('but never instead of one that its owner chose meanwhile', async () => {
      const asked = new Promise<() => Promise<void>>((resolve) => {
        provider.script('other', (exchange) => {
          const ended = exchange.request.closed;
          resolve(async () => {
            await exchange.say('Made up');
            await exchange.finish();
          });
          return ended;
        });
      });
      await me.call('PUT', `/chat/sessions/${session}`, { json: { model: scripted('other') } });
      await me.send(session, 'a question');
      const making = me.call('POST', `/chat/sessions/${session}/title`);
      const answer = await asked;
      await me.call('PUT', `/chat/sessions/${session}`, { json: { title: 'Chosen' } });
      await answer();
      expect(await making).toMatchObject({ status: 200, body: { title: 'Chosen' } });
      expect(await titleOf()).toBe('Chosen');
    });

    it('and cannot where there is no question', async () => {
      expectProblem(await me.call('POST', `/chat/sessions/${session}/title`), 409, 'conflict');
    });

    const followChanges = () => EventReader.open<ChangeEvent>(me, '/chat/events');
  });
});
