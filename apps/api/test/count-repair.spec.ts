import { CountRepair } from '../src/messages/count-repair.js';
import type { ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

describe('mending counts', () => {
  let server: TestApp;
  let me: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
  });
  afterAll(() => server.stop());

  it('puts right what a crash between two steps has left wrong, and nothing else', async () => {
    const wrong = await me.createSession();
    const right = await me.createSession();
    await me.send(wrong._id, 'one');
    await me.send(wrong._id, 'two');
    await me.send(right._id, 'one');
    await withDatabase(server.databaseUri, async (connection) => {
      await connection
        .collection('chat_sessions')
        .updateOne({ message_count: 2 }, { $set: { message_count: 3 } });
    });

    await expect(server.app.get(CountRepair).mendAll()).resolves.toBe(1);

    const counts = await withDatabase(server.databaseUri, (connection) =>
      connection.collection('chat_sessions').find().sort({ _id: 1 }).toArray(),
    );
    expect(counts.map(({ message_count }) => message_count as number)).toEqual([2, 1]);
    await expect(server.app.get(CountRepair).mendAll()).resolves.toBe(0);
  });
});
