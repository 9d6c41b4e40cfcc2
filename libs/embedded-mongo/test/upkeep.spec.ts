import type { ClientSession, Collection, Db, Document, MongoClient } from 'mongodb';
import { TestServer } from './support/server.js';

interface Item extends Document {
  readonly _id: number;
}

describe('upkeep of many documents', () => {
  const server = new TestServer();
  let client: MongoClient;
  let db: Db;
  let items: Collection<Item>;

  beforeAll(async () => {
    await server.start();
    client = await server.client();
    db = client.db();
  });
  afterAll(() => server.dispose());

  beforeEach(async () => {
    items = db.collection<Item>('items');
    await items.drop();
    await items.createIndexes([
      { key: { user: 1, deleted: 1, words: 1, at: -1, _id: -1 } },
      { key: { session: 1 } },
      { key: { deleted_at: 1 }, expireAfterSeconds: 3600 },
    ]);
    await items.insertMany(
      Array.from({ length: 3000 }, (_, n) => ({
        _id: n,
        user: 'u',
        session: n % 3,
        deleted: false,
        at: n,
        words: ['all', `w${n % 10}`, `x${n % 7}`],
      })),
    );
  });

  const search = (session?: ClientSession) =>
    items
      .find({ user: 'u', deleted: false, words: { $all: ['w1', 'x1'] } }, { session })
      .sort({ at: -1, _id: -1 })
      .map(({ _id }) => _id)
      .toArray();
  const wanted = (holds: (n: number) => boolean) =>
    Array.from({ length: 3000 }, (_, n) => 2999 - n).filter(
      (n) => n % 10 === 1 && n % 7 === 1 && holds(n),
    );

  it('moves thousands within a transaction, which alone sees it until the commit', async () => {
    await client.withSession(async (session) => {
      session.startTransaction();
      const moved = await items.updateMany(
        { session: 0 },
        { $set: { deleted: true, deleted_at: new Date() } },
        { session },
      );
      expect(moved.modifiedCount).toBe(1000);
      expect(await search(session)).toEqual(wanted((n) => n % 3 !== 0));
      expect(await search()).toEqual(wanted(() => true));
      const removed = await items.deleteMany({ session: 1, deleted: false }, { session });
      expect(removed.deletedCount).toBe(1000);
      expect(await search(session)).toEqual(wanted((n) => n % 3 === 2));
      expect(await items.countDocuments({ words: 'all' }, { session })).toBe(2000);
      await session.commitTransaction();
    });
    expect(await search()).toEqual(wanted((n) => n % 3 === 2));
    expect(await items.countDocuments({ user: 'u', deleted: true })).toBe(1000);
    expect(await items.countDocuments({})).toBe(2000);
  });

  it('leaves no trace of thousands of changes that are undone', async () => {
    await client.withSession(async (session) => {
      session.startTransaction();
      await items.updateMany(
        {},
        { $set: { deleted: true }, $push: { words: 'new' as never } },
        {
          session,
        },
      );
      await items.deleteMany({ session: 2 }, { session });
      expect(await search(session)).toEqual([]);
      await session.abortTransaction();
    });
    expect(await search()).toEqual(wanted(() => true));
    expect(await items.countDocuments({ words: 'new' })).toBe(0);
  });

  it('changes and deletes thousands outside of transactions', async () => {
    await items.updateMany({ session: 0 }, { $set: { deleted: true } });
    await items.deleteMany({ session: 1 });
    expect(await search()).toEqual(wanted((n) => n % 3 === 2));
    await items.updateMany({ deleted: true }, { $set: { deleted: false } });
    expect(await search()).toEqual(wanted((n) => n % 3 !== 1));
  });

  it('removes what has expired by a time that collMod made shorter', async () => {
    await items.updateMany(
      { _id: { $lt: 5 } },
      { $set: { deleted_at: new Date(Date.now() - 60_000) } },
    );
    await items.updateMany({ _id: 5 }, { $set: { deleted_at: new Date(Date.now() + 60_000) } });
    const answer = await db.command({
      collMod: 'items',
      index: { keyPattern: { deleted_at: 1 }, expireAfterSeconds: 30 },
    });
    expect(answer).toMatchObject({ expireAfterSeconds_old: 3600, expireAfterSeconds_new: 30 });
    const index = (await items.indexes()).find(({ name }) => name === 'deleted_at_1');
    expect(index?.expireAfterSeconds).toBe(30);
    // The same request at the next start is met; the time of the first one is not any more.
    await items.createIndexes([{ key: { deleted_at: 1 }, expireAfterSeconds: 30 }]);
    await expect(
      items.createIndexes([{ key: { deleted_at: 1 }, expireAfterSeconds: 3600 }]),
    ).rejects.toMatchObject({ code: 86 });
    await server.stop();
    await server.start();
    client = await server.client();
    db = client.db();
    const after = db.collection<Item>('items');
    expect(await after.find({ _id: { $lte: 5 } }).toArray()).toMatchObject([{ _id: 5 }]);
  });
});
