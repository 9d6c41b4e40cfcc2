import { Types } from 'mongoose';
import { LeftoversService } from '../src/leftovers/leftovers.service.js';
import { LeftoversSweeper } from '../src/leftovers/leftovers.sweeper.js';
import type { ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

describe('leftovers of sessions', () => {
  let server: TestApp;
  let me: ApiClient;
  let userId: Types.ObjectId;
  let leftovers: LeftoversService;
  let sweeper: LeftoversSweeper;
  const removed: string[] = [];
  let whileRemoving: () => Promise<void> = () => Promise.resolve();

  const past = () => new Date(Date.now() - 1);
  const notes = () =>
    withDatabase(server.databaseUri, (connection) =>
      connection.collection('session_leftovers').countDocuments(),
    );

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    userId = new Types.ObjectId((await me.createSession()).user_id);
    leftovers = server.app.get(LeftoversService);
    sweeper = server.app.get(LeftoversSweeper);
    leftovers.onSweep(async (_user, session) => {
      removed.push(session.toHexString());
      await whileRemoving();
    });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    removed.length = 0;
    whileRemoving = () => Promise.resolve();
  });

  it('go when they are due and there is no such session', async () => {
    const [due, later] = [new Types.ObjectId(), new Types.ObjectId()];
    await leftovers.expect(userId, due, past());
    await leftovers.expect(userId, later, new Date(Date.now() + 60_000));
    await sweeper.sweepNow(userId);
    expect(removed).toEqual([due.toHexString()]);
    expect(await leftovers.settle(due)).toBe(false);
    expect(await leftovers.settle(later)).toBe(true);
  });

  it('stay where they were settled or the session is in the trash', async () => {
    const settled = new Types.ObjectId();
    await leftovers.expect(userId, settled, past());
    expect(await leftovers.settle(settled)).toBe(true);
    const { _id } = await me.createSession();
    expect((await me.call('DELETE', `/chat/sessions/${_id}`)).status).toBe(204);
    const trashed = new Types.ObjectId(_id);
    await leftovers.expect(userId, trashed, past());
    await sweeper.sweepNow(userId);
    expect(removed).toEqual([]);
    expect(await leftovers.settle(trashed)).toBe(true);
  });

  it('are forgotten where the session lives, as after a crash without transactions', async () => {
    const { _id } = await me.createSession();
    await leftovers.expect(userId, new Types.ObjectId(_id), past());
    await sweeper.sweepNow(userId);
    expect([removed, await notes()]).toEqual([[], 0]);
  });

  it('cannot be settled once their removal has begun', async () => {
    const slow = new Types.ObjectId();
    await leftovers.expect(userId, slow, past());
    const settled: boolean[] = [];
    whileRemoving = async () => {
      settled.push(await leftovers.settle(slow));
    };
    await sweeper.sweepNow(userId);
    expect(settled).toEqual([false]);
  });

  it('are removed again where a removal broke off', async () => {
    const broken = new Types.ObjectId();
    await leftovers.expect(userId, broken, past());
    whileRemoving = () => Promise.reject(new Error('The process ends here.'));
    await sweeper.sweepNow(userId);
    expect(await notes()).toBe(1);
    expect(await leftovers.settle(broken)).toBe(false);
    whileRemoving = () => Promise.resolve();
    await sweeper.sweepAll();
    expect([removed.length, await notes()]).toEqual([2, 0]);
  });

  it('go once, whoever else sweeps at the same moment', async () => {
    const other = await startTestApp({ databaseUri: server.databaseUri });
    try {
      const ids = Array.from({ length: 20 }, () => new Types.ObjectId());
      for (const id of ids) await leftovers.expect(userId, id, past());
      await Promise.all([sweeper.sweepAll(), other.app.get(LeftoversSweeper).sweepAll()]);
      expect(await notes()).toBe(0);
    } finally {
      await other.stop();
    }
  });
});
