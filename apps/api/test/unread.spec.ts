import { setImmediate } from 'node:timers/promises';
import type { ChatSession, Message } from '@chat/shared-types';
import type { ScriptedProvider } from '@chat/scripted-provider';
import { Types } from 'mongoose';
import { ReplyRunsRepository } from '../src/replies/reply-runs.repository.js';
import { RunningReplies } from '../src/replies/running-replies.js';
import { ApiClient } from './support/api-client.js';
import { EventReader } from './support/events.js';
import { ask, readAll } from './support/replies.js';
import { Puppet, startScriptedApp } from './support/scripted-app.js';
import { startTestApp, type TestApp } from './support/test-app.js';

describe('a session is marked as unread', () => {
  let server: TestApp;
  let second: TestApp;
  let provider: ScriptedProvider;
  let me: ApiClient;
  let there: ApiClient;
  let session: ChatSession;

  beforeAll(async () => {
    ({ server, provider } = await startScriptedApp());
    second = await startTestApp({ databaseUri: server.databaseUri });
  });
  afterAll(async () => {
    await second.stop();
    await server.stop();
  });
  beforeEach(async () => {
    me = await server.newUser();
    there = new ApiClient(second.url, me.token);
    session = await me.createSession();
  });

  const isUnread = async (): Promise<boolean> => (await me.getSession(session._id)).unread;
  /** Waits until the last message is no longer written, without following it. */
  const ended = async (): Promise<void> => {
    while ((await me.messages(session._id)).at(-1)?.status === 'streaming');
  };

  /** Waits until the server has noticed that nobody follows a reply any more. */
  const left = async ({ _id }: Message): Promise<void> => {
    const id = new Types.ObjectId(_id);
    const isRead = async (): Promise<boolean> =>
      server.app.get(RunningReplies).get(id)?.text.isRead === true ||
      (await server.app.get(ReplyRunsRepository).isFollowed(id, 1));
    // The server is in this very process: it needs its turns.
    while (await isRead()) await setImmediate();
  };

  it('when a reply ends while nobody reads it, without any activity of its own', async () => {
    const puppet = new Puppet(provider);
    await ask(me, session._id, 'own');
    await puppet.say('all of it');
    expect(await isUnread()).toBe(false);
    const before = await me.getSession(session._id);
    await puppet.finish();
    await ended();
    expect(await isUnread()).toBe(true);
    const { last_message_at, updated_at } = await me.getSession(session._id);
    expect([last_message_at, updated_at]).toEqual([before.last_message_at, before.updated_at]);
  });

  it('not when somebody reads it to its end', async () => {
    const puppet = new Puppet(provider);
    const { path } = await ask(me, session._id, 'own');
    const reader = await EventReader.open(me, `${path}/stream`);
    await puppet.say('all of it');
    await reader.until(({ event }) => event === 'delta');
    await puppet.finish();
    await reader.until(({ event }) => event === 'done');
    expect(await isUnread()).toBe(false);
  });

  it('not when it is read through another server', async () => {
    const puppet = new Puppet(provider);
    const { path } = await ask(me, session._id, 'own');
    const reader = await EventReader.open(there, `${path}/stream`);
    await puppet.say('all of it');
    await reader.until(({ event }) => event === 'delta');
    await puppet.finish();
    await reader.until(({ event }) => event === 'done');
    expect(await isUnread()).toBe(false);
  });

  it.each(['the same server', 'another server'])(
    'when its reader has left %s before the end',
    async (which) => {
      const puppet = new Puppet(provider);
      const { path, reply } = await ask(me, session._id, 'own');
      const client = which === 'another server' ? there : me;
      const reader = await EventReader.open(client, `${path}/stream`);
      await puppet.say('half of it');
      await reader.until(({ event }) => event === 'delta');
      reader.close();
      await left(reply);
      await puppet.finish();
      await ended();
      expect(await isUnread()).toBe(true);
    },
  );

  it('not when its owner stops it', async () => {
    const puppet = new Puppet(provider);
    const { path } = await ask(me, session._id, 'own');
    await puppet.say('enough');
    await me.call('POST', `${path}/stop`);
    await ended();
    expect(await isUnread()).toBe(false);
  });

  it('until its owner says otherwise: reading messages does not', async () => {
    await ask(me, session._id, 'fast');
    await ended();
    expect(await isUnread()).toBe(true);
    const [, reply] = await me.messages(session._id);
    await readAll(me, `/chat/sessions/${session._id}/messages/${reply?._id ?? ''}`);
    expect(await isUnread()).toBe(true);
    await me.call('PUT', `/chat/sessions/${session._id}`, { json: { unread: false } });
    expect(await isUnread()).toBe(false);
  });
});
