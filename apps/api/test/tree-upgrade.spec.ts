import { Types } from 'mongoose';
import { startTestDatabase, withDatabase, type TestDatabase } from './support/database.js';
import { startTestApp } from './support/test-app.js';

describe('data of version 0.1', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startTestDatabase();
  });
  afterAll(() => database.stop());

  it('becomes a tree at the first start: listed as before, continued and branched', async () => {
    const before = await startTestApp({ databaseUri: database.uri });
    const me = await before.newUser();
    const { user_id } = await me.createSession();
    await before.app.close();
    const sessionId = new Types.ObjectId();
    const owner = new Types.ObjectId(user_id);
    const at = (i: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, i));
    const ids = Array.from({ length: 4 }, () => new Types.ObjectId());
    await withDatabase(database.uri, async (connection) => {
      await connection.collection('chat_sessions').insertOne({
        _id: sessionId,
        user_id: owner,
        title: 'old',
        message_count: 2,
        last_message_at: at(3),
        last_activity_at: at(3),
        created_at: at(0),
        updated_at: at(3),
        deleted: false,
        deleted_at: null,
      });
      await connection.collection('messages').insertMany(
        ids.map((_id, i) => ({
          _id,
          session_id: sessionId,
          user_id: owner,
          content: `m${i}`,
          role: 'user',
          created_at: at(i),
          deleted: i % 2 === 1,
          deleted_at: i % 2 === 1 ? at(9) : null,
        })),
      );
      await connection.collection('upgrades').deleteMany({});
    });

    const after = await startTestApp({ databaseUri: database.uri });
    try {
      const again = await after.anonymous.signIn(me.username ?? '');
      const id = sessionId.toHexString();
      const hex = ids.map((one) => one.toHexString());
      const session = await again.getSession(id);
      expect(session).toMatchObject({
        title: 'old',
        message_count: 2,
        model: null,
        system_prompt: null,
        active_message_id: hex[2],
        last_message_at: at(3).toISOString(),
        updated_at: at(3).toISOString(),
      });
      const rows = await again.messages(id);
      expect(rows.map(({ content, parent_id, status }) => [content, parent_id, status])).toEqual([
        ['m0', null, 'complete'],
        ['m2', hex[1], 'complete'],
      ]);
      expect((await again.send(id, 'new')).parent_id).toBe(hex[3]);
      const restore = `/chat/sessions/${id}/messages/${hex[1] ?? ''}/restore`;
      expect((await again.call('POST', restore)).status).toBe(200);
      const json = { content: 'fork', parent_id: hex[1] };
      expect((await again.call('POST', `/chat/sessions/${id}/messages`, { json })).status).toBe(
        201,
      );
      const shown = await again.messages(id);
      expect(shown.map(({ content }) => content)).toEqual(['m0', 'm1', 'fork']);
    } finally {
      await after.app.close();
    }
  });
});
