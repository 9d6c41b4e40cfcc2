import type { Message } from '@chat/shared-types';
import { asyncProperty, assert, array, constantFrom, nat, record, string } from 'fast-check';
import { LeftoversSweeper } from '../src/leftovers/leftovers.sweeper.js';
import type { ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { searchIndexFaults } from './support/search-index-check.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const TIMEOUT = 180_000;

const ACTIONS = [
  'send',
  'ask',
  'branch',
  'edit',
  'delete',
  'restore',
  'rename',
  'create',
  'trash',
  'untrash',
  'react',
  'duplicate',
  'empty',
] as const;

const texts = string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter(
  (text) => text.trim() !== '' && !/\p{Surrogate}/u.test(text),
);

describe('the search index', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  }, TIMEOUT);
  afterAll(() => server.stop());

  it(
    'equals a plain recount after whatever was done',
    async () => {
      const steps = array(
        record({
          action: constantFrom(...ACTIONS),
          session: nat({ max: 20 }),
          message: nat({ max: 20 }),
          text: texts,
        }),
        { minLength: 5, maxLength: 25 },
      );
      await assert(
        asyncProperty(steps, async (chosen) => {
          const world = new World(await server.newUser());
          await world.act('create', 0, 0, 'start');
          for (const { action, session, message, text } of chosen) {
            await world.act(action, session, message, text);
          }
          await world.settled();
          await server.app.get(LeftoversSweeper).sweepAll();
          expect(await searchIndexFaults(server.databaseUri)).toEqual([]);
        }),
        { numRuns: 12, endOnFailure: true },
      );
    },
    TIMEOUT,
  );

  it('is told from one that lacks something', async () => {
    const me = await server.newUser();
    const { _id } = await me.createSession('x');
    const message = await me.send(_id, 'unmistakable');
    const change = (what: object): Promise<unknown> =>
      withDatabase(server.databaseUri, (connection) =>
        connection
          .collection('search_entries')
          .updateOne({ words: 'unmistakable' }, { $set: what }),
      );
    await change({ deleted: true });
    expect(await searchIndexFaults(server.databaseUri)).toEqual([
      `m ${message._id} has another entry`,
    ]);
    await change({ deleted: false });
    expect(await searchIndexFaults(server.databaseUri)).toEqual([]);
  });
});

/** What one user has done so far. What cannot be done is refused, which is no matter here. */
class World {
  private readonly sessions: string[] = [];
  private readonly messages: { id: string; session: string }[] = [];

  constructor(private readonly user: ApiClient) {}

  async act(
    action: (typeof ACTIONS)[number],
    sessionNumber: number,
    messageNumber: number,
    text: string,
  ): Promise<void> {
    const session = this.sessions[sessionNumber % Math.max(1, this.sessions.length)] ?? '';
    const message = this.messages[messageNumber % Math.max(1, this.messages.length)];
    const path = `/chat/sessions/${session}`;
    const messagePath = `/chat/sessions/${message?.session ?? session}/messages/${message?.id ?? ''}`;
    switch (action) {
      case 'create':
        this.sessions.push((await this.user.createSession(text))._id);
        return;
      case 'send':
        return this.send(session, { content: text });
      case 'ask':
        return this.send(session, { content: text, reply: true });
      case 'branch':
        return this.send(message?.session ?? session, {
          content: text,
          parent_id: message?.id ?? null,
        });
      case 'edit':
        return this.call('PATCH', messagePath, { content: text });
      case 'delete':
        return this.call('DELETE', messagePath);
      case 'restore':
        return this.call('POST', `${messagePath}/restore`);
      case 'rename':
        return this.call('PUT', path, { title: text });
      case 'trash':
        return this.call('DELETE', path);
      case 'untrash':
        return this.call('POST', `${path}/restore`);
      case 'react':
        return this.call('PUT', `${messagePath}/reactions/%F0%9F%91%8D`);
      case 'duplicate':
        return this.call('POST', `${path}/duplicate`, {});
      case 'empty':
        return this.call('DELETE', '/chat/trash');
    }
  }

  /** Waits until no reply is being written. (A title comes with its entry, or not yet.) */
  async settled(): Promise<void> {
    for (const session of this.sessions) {
      for (;;) {
        const path = `/chat/sessions/${session}/messages?branch=all`;
        const { status, body } = await this.user.call<Message[]>('GET', path);
        if (status !== 200 || body.every((one) => one.status !== 'streaming')) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  private async send(session: string, json: object): Promise<void> {
    const path = `/chat/sessions/${session}/messages`;
    const { status, body } = await this.user.call<Message>('POST', path, { json });
    expect(status).toBeLessThan(500);
    if (status === 201) this.messages.push({ id: body._id, session });
  }

  private async call(method: string, path: string, json?: object): Promise<void> {
    const { status } = await this.user.call(method, path, { json });
    expect(status).toBeLessThan(500);
  }
}
