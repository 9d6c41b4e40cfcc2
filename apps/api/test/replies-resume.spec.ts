import type { ScriptedProvider } from '@chat/scripted-provider';
import type { Message, ReplyEvent } from '@chat/shared-types';
import { expectProblem, type ApiClient } from './support/api-client.js';
import { EventReader, joined, type ReceivedEvent } from './support/events.js';
import { withDatabase } from './support/database.js';
import { ask, endOf, follow, joinedOf, readAll, stored } from './support/replies.js';
import { Puppet, startScriptedApp } from './support/scripted-app.js';
import type { TestApp } from './support/test-app.js';

describe('a reader of a reply', () => {
  let server: TestApp;
  let provider: ScriptedProvider;
  let me: ApiClient;
  let session: string;

  beforeAll(async () => {
    ({ server, provider } = await startScriptedApp({ env: { MAX_RUNNING_REPLIES: '1000' } }));
    me = await server.newUser();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    session = (await me.createSession('a title'))._id;
  });

  /** Reads on from wherever the reader is, and drops the connection after so many events. */
  async function readInPieces(path: string, each: number): Promise<ReceivedEvent<ReplyEvent>[]> {
    const events: ReceivedEvent<ReplyEvent>[] = [];
    for (;;) {
      const reader = await follow(me, path, events.at(-1)?.id);
      for (let read = 0; read < each; read += 1) {
        const event = await reader.next();
        if (event === undefined) throw new Error('The stream closed without an end.');
        events.push(event);
        if (event.event === 'done' || event.event === 'error') return events;
      }
      reader.close();
    }
  }

  it('may drop and come back after every single event, while it is written, and has it all', async () => {
    const texts = Array.from({ length: 60 }, (_, i) => `wörd-${i} 🙂 `);
    provider.script('own', async (exchange) => {
      await exchange.think('Let me think. ');
      for (const text of texts) {
        await exchange.say(text);
        await exchange.pause(8);
      }
      await exchange.finish();
    });
    const { reply, path } = await ask(me, session, 'own');
    const readers = await Promise.all([1, 2, 3, 7].map((each) => readInPieces(path, each)));
    const { content } = await stored(me, reply);
    expect(content).toBe(texts.join(''));
    for (const events of readers) {
      expect(joined(events)).toBe(content);
      expect(joined(events, 'reasoning')).toBe('Let me think. ');
      expect(endOf(events)).toMatchObject({ status: 'complete', content });
    }
  });

  it('may come back at every event of a reply that has ended', async () => {
    const puppet = new Puppet(provider);
    const { path } = await ask(me, session, 'own');
    const reader = await follow(me, path);
    for (const piece of ['a', 'é', '🙂', 'z']) {
      const before = joinedOf(reader);
      await puppet.say(piece);
      await reader.until(() => joinedOf(reader) === before + piece);
    }
    await puppet.finish();
    const events = await reader.toEnd();
    for (const [i, { id }] of events.entries()) {
      const rest = await (await follow(me, path, id)).toEnd();
      expect(joined(events.slice(0, i + 1)) + joined(rest)).toBe('aé🙂z');
      expect(rest.at(-1)?.event).toBe('done');
    }
  });

  it('never gets half a character, however the provider cuts it', async () => {
    const [high, low] = ['🙂'.slice(0, 1), '🙂'.slice(1)] as const;
    const puppet = new Puppet(provider);
    const { reply, path } = await ask(me, session, 'own');
    const reader = await follow(me, path);
    await puppet.say('a');
    await reader.until(() => joinedOf(reader) === 'a');
    await puppet.say(high, low, 'b', high);
    await puppet.finish();
    const events = await reader.toEnd();
    for (const { data } of events) {
      if ('text' in data) expect(data.text).not.toMatch(/\p{Surrogate}/u);
    }
    const { content } = await stored(me, reply);
    expect(joined(events)).toBe(content);
    expect(content).not.toMatch(/\p{Surrogate}/u);
    expect(content.startsWith('a')).toBe(true);
  });

  describe('is told to begin again', () => {
    let reply: Message;
    let path: string;
    beforeEach(async () => {
      const puppet = new Puppet(provider);
      ({ reply, path } = await ask(me, session, 'own'));
      await puppet.say('0123🙂');
      await puppet.finish();
      await readAll(me, path);
    });

    const tryFollow = (lastEventId: string) =>
      me.call('GET', `${path}/stream`, { headers: { 'last-event-id': lastEventId } });

    it.each([
      ['garbage', () => 'garbage'],
      ['a number', () => '7'],
      ['a position of another reply', () => '0123456789abcdef01234567-1-0-0'],
      ['an offset beyond the end', () => `${reply._id}-1-7-0`],
      ['thoughts beyond the end', () => `${reply._id}-1-0-1`],
      ['a huge offset', () => `${reply._id}-1-999999999-0`],
      ['a negative offset', () => `${reply._id}-1--1-0`],
      ['half a character', () => `${reply._id}-1-5-0`],
      ['an attempt that there was not', () => `${reply._id}-2-0-0`],
      ['no attempt', () => `${reply._id}-0-1-0`],
      ['a very long text', () => 'x'.repeat(4_000)],
    ])('after %s', async (_name, id) => {
      const problem = expectProblem(await tryFollow(id()), 400, 'invalid-request');
      expect(problem.detail).toMatch(/from the beginning/);
    });

    it('after an edit, which left nothing of the text that was read', async () => {
      const edited = await me.call('PATCH', path, { json: { content: 'quite different' } });
      expect(edited.status).toBe(200);
      expectProblem(await tryFollow(`${reply._id}-1-3-0`), 400, 'invalid-request');
      const { events } = await readAll(me, path);
      expect(joined(events)).toBe('quite different');
    });

    it('but not by an empty header, which is the beginning', async () => {
      const events = await (await follow(me, path, '')).toEnd();
      expect(joined(events)).toBe('0123🙂');
    });
  });

  it('that does not read costs no queue: it gets what it missed in large pieces', async () => {
    const text = 'x'.repeat(1_000);
    const begun = new Promise<void>((resolve) => {
      provider.script('own', async (exchange) => {
        for (let i = 0; i < 600; i += 1) await exchange.say(text);
        resolve();
        await exchange.finish();
      });
    });
    const { reply, path } = await ask(me, session, 'own');
    const slow = await EventReader.open(me, `${path}/stream`);
    await begun;
    await readAll(me, path);
    const events = await slow.toEnd();
    expect(joined(events) === (await stored(me, reply)).content).toBe(true);
    expect(events.length).toBeLessThan(600);
  });

  it('leaves no run and no log in the database at the end', async () => {
    const { path } = await ask(me, session, 'fast');
    await readAll(me, path);
    await withDatabase(server.databaseUri, async (connection) => {
      expect(await connection.collection('reply_runs').countDocuments({})).toBe(0);
      expect(await connection.collection('reply_chunks').countDocuments({})).toBe(0);
    });
  });
});
