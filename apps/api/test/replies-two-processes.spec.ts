import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PROSE } from '@chat/scripted-provider';
import type { Message } from '@chat/shared-types';
import { ApiClient } from './support/api-client.js';
import { temporaryDir } from './support/database.js';
import { joined } from './support/events.js';
import {
  ask,
  endOf,
  follow,
  joinedOf,
  readAll,
  scripted as model,
  stored,
  tryAsk,
} from './support/replies.js';
import { Puppet, startScripted, type Scripted } from './support/scripted-app.js';
import { startServerProcess, type ServerProcess } from './support/server-process.js';

describe('two API processes on one database', () => {
  let dir: string;
  let scripted: Scripted;
  let first: ServerProcess;
  let second: ServerProcess;
  /** One user, through each process. */
  let here: ApiClient;
  let there: ApiClient;
  let session: string;

  async function startSecond(): Promise<void> {
    second = await startServerProcess({
      ...scripted.env,
      DATA_DIR: join(dir, 'unused'),
      MONGODB_URI: await readFile(join(dir, 'mongodb.uri'), 'utf8'),
      JWT_SECRET: await readFile(join(dir, 'jwt.secret'), 'utf8'),
      SHUTDOWN_GRACE_MS: '3000',
    });
    there = new ApiClient(second.url, here.token);
  }

  beforeAll(async () => {
    dir = await temporaryDir();
    scripted = await startScripted();
    first = await startServerProcess({ DATA_DIR: dir, SHUTDOWN_GRACE_MS: '3000', ...scripted.env });
    here = await new ApiClient(first.url).signIn('alice', 'alicepass123');
    await startSecond();
  });
  afterAll(async () => {
    for (const server of [second, first]) {
      server.kill('SIGTERM');
      await server.exited;
    }
    await scripted.provider.stop();
    await rm(dir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    session = (await here.createSession('a title'))._id;
  });

  it('one writes, readers of both follow it live to the same end', async () => {
    const puppet = new Puppet(scripted.provider);
    const { reply, path } = await ask(here, session, 'own');
    const readers = await Promise.all([here, there, there].map((client) => follow(client, path)));
    for (const piece of ['one 🙂 ', 'two ', 'three']) {
      const before = joinedOf(readers[1]!);
      await puppet.say(piece);
      await Promise.all(
        readers.map((reader) => reader.until(() => joinedOf(reader) === before + piece)),
      );
    }
    expect(await stored(there, reply)).toMatchObject({
      status: 'streaming',
      content: 'one 🙂 two three',
    });
    await puppet.finish();
    const ends = await Promise.all(readers.map(async (reader) => endOf(await reader.toEnd())));
    for (const ended of ends) expect(ended).toEqual(ends[0]);
    expect(ends[0]).toMatchObject({ status: 'complete', content: 'one 🙂 two three' });
  });

  it('a reader may change the process after every event', async () => {
    const { path } = await ask(here, session, 'slow');
    const events = [];
    for (let i = 0; ; i += 1) {
      const reader = await follow(i % 2 === 0 ? here : there, path, events.at(-1)?.id);
      const event = await reader.next();
      reader.close();
      if (event === undefined) throw new Error('The stream closed without an end.');
      events.push(event);
      if (event.event === 'done') break;
    }
    expect(joined(events)).toBe(PROSE);
  });

  it('each stops what the other writes', async () => {
    const puppet = new Puppet(scripted.provider);
    const { reply, path } = await ask(here, session, 'own');
    await puppet.say('some text');
    const reader = await follow(here, path);
    await reader.until(() => joinedOf(reader) === 'some text');
    const stop = await there.call<Message>('POST', `${path}/stop`);
    expect(stop).toMatchObject({ status: 200, body: { status: 'stopped', content: 'some text' } });
    expect(endOf(await reader.toEnd())).toEqual(stop.body);
    expect(await stored(here, reply)).toMatchObject(stop.body);
    const { request } = await puppet.exchange();
    await request.closed;
    expect(request.aborted).toBe(true);
  });

  it('deleting a session through one stops the reply that the other writes', async () => {
    const puppet = new Puppet(scripted.provider);
    const { path } = await ask(here, session, 'own');
    await puppet.say('gone');
    const reader = await follow(here, path);
    await reader.until(() => joinedOf(reader) === 'gone');
    expect((await there.call('DELETE', `/chat/sessions/${session}`)).status).toBe(204);
    expect(endOf(await reader.toEnd())).toMatchObject({ status: 'stopped', content: 'gone' });
  });

  it('a session is asked through both at once: one wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { _id } = await here.createSession('both');
      new Puppet(scripted.provider);
      const body = { reply: { model: model('own') } };
      const answers = await Promise.all([here, there].map((one) => tryAsk(one, _id, body)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      const { reply } = answers.find(({ status }) => status === 201)!.body;
      await there.call('POST', `/chat/sessions/${_id}/messages/${reply?._id}/stop`);
      expect(await here.getSession(_id)).toMatchObject({ message_count: 2 });
    }
  });

  it('a key that is used through both asks the provider once', async () => {
    const { _id } = await here.createSession('once');
    const body = { content: 'Only once by both.', reply: { model: model('fast') } };
    const headers = { 'idempotency-key': 'both' };
    const answers = await Promise.all(
      [here, there, here, there].map((one) => tryAsk(one, _id, body, headers)),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map(({ body: { reply } }) => reply?._id)).size).toBe(1);
    await readAll(there, `/chat/sessions/${_id}/messages/${answers[0]?.body.reply?._id}`);
    const asked = scripted.provider.requests.filter(({ body: sent }) =>
      JSON.stringify(sent).includes(body.content),
    );
    expect(asked).toHaveLength(1);
  });

  it('one is stopped in an orderly way: its readers are told, the other goes on', async () => {
    const puppet = new Puppet(scripted.provider);
    const { path } = await ask(there, session, 'own');
    await puppet.say('until the end');
    const reader = await follow(there, path);
    await reader.until(() => joinedOf(reader) === 'until the end');
    second.kill('SIGTERM');
    expect(endOf(await reader.toEnd())).toMatchObject({
      status: 'interrupted',
      content: 'until the end',
    });
    await second.exited;
    const goingOn = new Puppet(scripted.provider);
    expect((await here.call('POST', `${path}/continue`)).status).toBe(200);
    await goingOn.say(', and on');
    await goingOn.finish();
    expect((await readAll(here, path)).ended.content).toBe('until the end, and on');
    await startSecond();
  });

  it('one dies: the other ends its replies as interrupted, tells the readers, and goes on', async () => {
    const puppet = new Puppet(scripted.provider);
    const { path } = await ask(there, session, 'own');
    await puppet.say('written down');
    // What a reader of the other process has seen is in the database.
    const reader = await follow(here, path);
    await reader.until(() => joinedOf(reader) === 'written down');
    second.kill('SIGKILL');
    const ended = endOf(await reader.toEnd());
    expect(ended).toMatchObject({ status: 'interrupted', content: 'written down' });
    const goingOn = new Puppet(scripted.provider);
    expect((await here.call('POST', `${path}/continue`)).status).toBe(200);
    await goingOn.say(' and on');
    await goingOn.finish();
    expect((await readAll(here, path)).ended.content).toBe('written down and on');
    await startSecond();
  });

  it('a stop does not wait for a process that is dead', async () => {
    const puppet = new Puppet(scripted.provider);
    const { path } = await ask(there, session, 'own');
    await puppet.say('left alone');
    const reader = await follow(here, path);
    await reader.until(() => joinedOf(reader) === 'left alone');
    second.kill('SIGKILL');
    await second.exited;
    const begun = performance.now();
    const stop = await here.call<Message>('POST', `${path}/stop`);
    expect(stop.body).toMatchObject({ status: 'stopped', content: 'left alone' });
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(endOf(await reader.toEnd())).toEqual(stop.body);
    await startSecond();
  });
});
