import type { ScriptedProvider } from '@chat/scripted-provider';
import type { Message } from '@chat/shared-types';
import { Types } from 'mongoose';
import { ReplyEndings } from '../src/replies/reply-endings.js';
import { ReplyRunsRepository } from '../src/replies/reply-runs.repository.js';
import { ApiClient } from './support/api-client.js';
import { joined } from './support/events.js';
import { ask, endOf, follow, joinedOf, stored } from './support/replies.js';
import { Puppet, startScriptedApp } from './support/scripted-app.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const ROUNDS = 12;

describe('stop, end and reaper at once', () => {
  let server: TestApp;
  let second: TestApp;
  let provider: ScriptedProvider;
  let me: ApiClient;
  let there: ApiClient;

  beforeAll(async () => {
    ({ server, provider } = await startScriptedApp());
    second = await startTestApp({ databaseUri: server.databaseUri });
    me = await server.newUser();
    there = new ApiClient(second.url, me.token);
  });
  afterAll(async () => {
    await second.stop();
    await server.stop();
  });

  /** As the reaper of the second process does with a run whose owner it takes for dead. */
  async function reap({ _id }: Message): Promise<void> {
    const [run] = await second.app.get(ReplyRunsRepository).running([new Types.ObjectId(_id)]);
    if (run === undefined) return;
    await second.app.get(ReplyEndings).finishFromLog(run, { status: 'interrupted' });
  }

  it('have one winner, and the message, the answers and every stream say which', async () => {
    const winners = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const { _id } = await me.createSession(`round ${round}`);
      const puppet = new Puppet(provider);
      const { reply, path } = await ask(me, _id, 'own');
      await puppet.say('what was said');
      const [near, far] = await Promise.all([follow(me, path), follow(there, path)]);
      await far.until(() => joinedOf(far) === 'what was said');
      const contenders = [
        () => puppet.finish().catch(() => undefined),
        () => there.call<Message>('POST', `${path}/stop`),
        () => reap(reply),
        () => me.call<Message>('POST', `${path}/stop`),
      ];
      // Each begins in its turn, each a little later than the one before.
      const order = [...contenders.slice(round % 4), ...contenders.slice(0, round % 4)];
      const running: Promise<unknown>[] = [];
      for (const begin of order) {
        running.push(begin());
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(running);
      const message = await stored(me, reply);
      winners.add(message.status);
      expect(['complete', 'stopped', 'interrupted']).toContain(message.status);
      expect(message.content).toBe('what was said');
      expect(message.error === null).toBe(message.status !== 'interrupted');
      for (const reader of [near, far]) {
        const events = await reader.toEnd();
        expect(joined(events)).toBe(message.content);
        expect(message).toMatchObject(endOf(events));
      }
      for (const client of [me, there]) {
        const again = await client.call<Message>('POST', `${path}/stop`);
        expect(message).toMatchObject(again.body);
      }
      expect(
        await second.app.get(ReplyRunsRepository).running([new Types.ObjectId(reply._id)]),
      ).toEqual([]);
    }
    // A race that always ends the same way is none.
    expect(winners.size).toBeGreaterThan(1);
  });

  it('lets a reader of what was not kept begin again instead of going on wrongly', async () => {
    const { _id } = await me.createSession('lost');
    const puppet = new Puppet(provider);
    const { reply, path } = await ask(me, _id, 'own');
    await puppet.say('kept');
    const far = await follow(there, path);
    await far.until(() => joinedOf(far) === 'kept');
    const near = await follow(me, path);
    await near.until(() => joinedOf(near) === 'kept');
    await Promise.all([puppet.say(' and shown'), reap(reply)]);
    await me.call('POST', `${path}/stop`);
    const events = await near.toEnd();
    const { content } = await stored(me, reply);
    // Whether the log was faster or not: a stream that tells an end told exactly the stored text.
    const told = events.some(({ event }) => event === 'done' || event === 'error');
    expect(told).toBe(joined(events) === content);
    expect(joined(await (await follow(me, path)).toEnd())).toBe(content);
  });
});
