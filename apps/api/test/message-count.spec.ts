import { asyncProperty, assert, array, constantFrom, record, nat } from 'fast-check';
import { Types } from 'mongoose';
import type { ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

describe('message_count', () => {
  // Two processes' worth of queues: what one app serialises for itself, the database must do for both.
  let server: TestApp;
  let second: TestApp;
  let me: ApiClient;
  let elsewhere: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
    second = await startTestApp({ databaseUri: server.databaseUri });
    me = await server.newUser();
    elsewhere = await second.anonymous.signIn(me.username ?? '');
  });
  afterAll(async () => {
    await second.stop();
    await server.stop();
  });

  const recount = (sessionId: string) =>
    withDatabase(server.databaseUri, async (connection) => {
      const id = new Types.ObjectId(sessionId);
      const stored = await connection.collection('chat_sessions').findOne({ _id: id });
      const live = await connection
        .collection('messages')
        .countDocuments({ session_id: id, deleted: false });
      return { stored: stored?.message_count as number, live };
    });

  const step = record({
    kind: constantFrom('send', 'send', 'delete', 'restore', 'delete session', 'restore session'),
    message: nat({ max: 9 }),
    through: constantFrom('first', 'second'),
  });

  it('equals a recount after any mix of changes at once, through two servers', async () => {
    await assert(
      asyncProperty(array(step, { minLength: 2, maxLength: 24 }), async (steps) => {
        const { _id } = await me.createSession();
        const path = `/chat/sessions/${_id}`;
        const sent = await Promise.all([0, 1, 2].map((i) => me.send(_id, `before ${i}`)));
        const statuses = await Promise.all(
          steps.map(async ({ kind, message, through }) => {
            const client = through === 'first' ? me : elsewhere;
            const target = `${path}/messages/${sent[message % sent.length]!._id}`;
            switch (kind) {
              case 'send':
                return (await client.trySend(_id, 'at once')).status;
              case 'delete':
                return (await client.call('DELETE', target)).status;
              case 'restore':
                return (await client.call('POST', `${target}/restore`)).status;
              case 'delete session':
                return (await client.call('DELETE', path)).status;
              case 'restore session':
                return (await client.call('POST', `${path}/restore`)).status;
            }
          }),
        );
        for (const status of statuses) expect([200, 201, 204, 404]).toContain(status);
        const { stored, live } = await recount(_id);
        expect(stored).toBe(live);
        const sends = statuses.filter((status) => status === 201).length;
        const total = await withDatabase(server.databaseUri, (connection) =>
          connection.collection('messages').countDocuments({ session_id: new Types.ObjectId(_id) }),
        );
        expect(total).toBe(sent.length + sends);
      }),
      { numRuns: 25 },
    );
  });

  it('orders what two servers store in one session at once', async () => {
    const { _id } = await me.createSession();
    const order: string[] = [];
    for (let i = 0; i < 10; i += 1) {
      const batch = await Promise.all([me.send(_id, 'here'), elsewhere.send(_id, 'there')]);
      order.push(...batch.map(({ created_at }) => created_at));
      const listed = (await me.messages(_id)).map(({ created_at }) => created_at);
      // What was acknowledged before this batch keeps its place before it.
      expect(listed).toEqual([...listed].sort());
      expect(new Set(listed).size).toBe(order.length);
    }
    expect((await elsewhere.getSession(_id)).message_count).toBe(20);
  });
});
