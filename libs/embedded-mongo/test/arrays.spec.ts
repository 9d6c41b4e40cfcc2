import type { Collection, Db, Document, Filter } from 'mongodb';
import { TestServer } from './support/server.js';

interface Item extends Document {
  readonly _id: number;
}

describe('arrays', () => {
  const server = new TestServer();
  let db: Db;
  let items: Collection<Item>;

  beforeAll(async () => {
    await server.start();
    db = (await server.client()).db();
    items = db.collection<Item>('items');
    await items.createIndexes([
      { key: { user: 1, tags: 1, at: -1 } },
      { key: { 'parts.kind': 1 } },
    ]);
  });
  afterAll(() => server.dispose());

  beforeEach(async () => {
    await items.deleteMany({});
    await items.insertMany([
      { _id: 0, user: 'u', at: 0, tags: ['a', 'b'], parts: [{ kind: 'x', n: 1 }, { kind: 'y' }] },
      { _id: 1, user: 'u', at: 1, tags: ['b'], parts: [{ kind: 'y', n: 2 }] },
      { _id: 2, user: 'u', at: 2, tags: [], parts: [] },
      { _id: 3, user: 'u', at: 3, parts: { kind: 'x' } },
      { _id: 4, user: 'u', at: 4, tags: null, parts: [1, { n: 3 }] },
      { _id: 5, user: 'u', at: 5, tags: 'a', parts: [{ kind: null }] },
      { _id: 6, user: 'u', at: 6, tags: [['a'], 'c'] },
      { _id: 7, user: 'v', at: 7, tags: ['a', 'b', 'c'] },
    ]);
  });

  // Results as MongoDB's manual describes them, with and without the index.
  it.each<[Document, number[]]>([
    [{ tags: 'a' }, [0, 5]],
    [{ tags: { $ne: 'a' } }, [1, 2, 3, 4, 6]],
    [{ tags: { $nin: ['a', 'b'] } }, [2, 3, 4, 6]],
    [{ tags: { $nin: [null] } }, [0, 1, 2, 5, 6]],
    [{ tags: null }, [3, 4]],
    [{ tags: { $in: [null, 'c'] } }, [3, 4, 6]],
    [{ tags: { $ne: null } }, [0, 1, 2, 5, 6]],
    [{ tags: [] }, [2]],
    [{ tags: ['a'] }, [6]],
    [{ tags: ['a', 'b'] }, [0]],
    [{ tags: { $in: [['b'], 'c'] } }, [1, 6]],
    [{ tags: { $all: ['a', 'b'] } }, [0]],
    [{ tags: { $all: [['a']] } }, [6]],
    [{ tags: { $not: { $in: ['a'] } }, at: { $gt: 2 } }, [3, 4, 6]],
    [{ $nor: [{ tags: 'a' }, { tags: 'b' }] }, [2, 3, 4, 6]],
    [{ tags: { $gt: 'a', $lt: 'b' } }, [0]],
    [{ tags: { $gte: 'b', $lt: 'b' } }, [0]],
    [{ 'parts.kind': 'x' }, [0, 3]],
    [{ 'parts.kind': { $ne: 'x' } }, [1, 2, 4, 5, 6]],
    [{ 'parts.kind': null }, [4, 5, 6]],
    [{ 'parts.kind': { $all: ['x', 'y'] } }, [0]],
    [{ parts: { $elemMatch: { kind: 'y', n: 2 } } }, [1]],
    [{ 'parts.kind': { $exists: false } }, [2, 4, 6]],
  ])('%j finds %j', async (filter, wanted) => {
    const query = { user: 'u', ...filter };
    const found = async (hint?: Document) =>
      (await items.find(query, hint ? { hint } : {}).toArray())
        .map(({ _id }) => _id)
        .sort((a, b) => a - b);
    expect(await found({ $natural: 1 })).toEqual(wanted);
    expect(await found()).toEqual(wanted);
    expect(await found({ 'parts.kind': 1 })).toEqual(wanted);
    expect(await items.countDocuments(query)).toBe(wanted.length);
  });

  it('sorts by the least or greatest element, whatever the filter says of it', async () => {
    const ids = async (way: 1 | -1) =>
      (
        await items
          .find({ user: { $in: ['u', 'v'] }, tags: 'b' })
          .sort({ tags: way, _id: 1 })
          .toArray()
      ).map(({ _id }) => _id);
    expect(await ids(1)).toEqual([0, 7, 1]);
    expect(await ids(-1)).toEqual([7, 0, 1]);
  });

  it('counts tags with $unwind and $group', async () => {
    const counts = await items
      .aggregate([
        { $match: { user: 'u' } },
        { $unwind: '$tags' },
        { $group: { _id: '$tags', count: { $sum: 1 } } },
        { $sort: { count: -1, _id: 1 } },
      ])
      .toArray();
    expect(counts).toEqual([
      { _id: 'a', count: 2 },
      { _id: 'b', count: 2 },
      // An array sorts by its least element.
      { _id: ['a'], count: 1 },
      { _id: 'c', count: 1 },
    ]);
  });

  it('lists distinct elements, and values below arrays', async () => {
    expect(await items.distinct('tags', { user: 'u' })).toEqual([null, 'a', 'b', 'c', ['a']]);
    expect(await items.distinct('parts.kind', { user: 'u' })).toEqual([null, 'x', 'y']);
    expect(await items.distinct('tags', { tags: 'c', user: 'v' })).toEqual(['a', 'b', 'c']);
  });

  it('adds to, pulls from and sets within arrays of subdocuments', async () => {
    await items.updateOne({ _id: 0 }, { $pull: { parts: { kind: 'x' } } as never });
    await items.updateOne({ _id: 0 }, { $addToSet: { parts: { kind: 'y' } } });
    await items.updateOne({ _id: 0 }, { $addToSet: { parts: { kind: 'y', n: 0 } } });
    expect(await items.findOne({ _id: 0 })).toMatchObject({
      parts: [{ kind: 'y' }, { kind: 'y', n: 0 }],
    });
    await items.updateOne({ _id: 0, 'parts.n': 0 }, { $set: { 'parts.$.kind': 'z' } });
    expect(await items.distinct('_id', { 'parts.kind': 'z' })).toEqual([0]);
    const pulled = { $pull: { tags: { $in: ['a', 'b'] } } as never };
    await expect(items.updateMany({ _id: 5 }, pulled)).rejects.toMatchObject({ code: 2 });
    await items.updateMany({ tags: { $type: 'array' } }, pulled);
    expect(await items.distinct('_id', { tags: 'b', user: 'u' })).toEqual([]);
    await items.updateOne({ _id: 1 }, { $addToSet: { tags: { $each: ['q', 'q', 'r'] } } });
    expect(await items.distinct('_id', { tags: { $all: ['q', 'r'] } })).toEqual([1]);
  });

  it.each<[string, Document]>([
    ['$exists', { import_key: { $exists: true } }],
    ['$type', { import_key: { $type: 'string' } }],
  ])('uses a partial index by %s for the queries that imply it alone', async (name, filter) => {
    const sessions = db.collection<Item>(`sessions_${name.slice(1)}`);
    await sessions.createIndexes([
      { key: { user: 1, import_key: 1 }, name: 'imported', partialFilterExpression: filter },
    ]);
    await sessions.insertMany(
      Array.from({ length: 20 }, (_, n) => ({
        _id: n,
        user: 'u',
        ...(n % 2 === 0 ? { import_key: `k${n}` } : {}),
      })),
    );
    const indexOf = async (query: Filter<Item>) => {
      const { queryPlanner } = await sessions.find(query).explain('queryPlanner');
      return JSON.stringify(queryPlanner).includes('imported');
    };
    expect(await indexOf({ user: 'u', import_key: 'k4' })).toBe(true);
    expect(await indexOf({ user: 'u', import_key: { $in: ['k4', 'k6'] } })).toBe(true);
    expect(await indexOf({ user: 'u' })).toBe(false);
    expect(await indexOf({ user: 'u', import_key: null })).toBe(false);
    expect(
      await sessions.distinct('_id', { user: 'u', import_key: { $in: ['k4', 'k5'] } }),
    ).toEqual([4]);
    expect(await sessions.countDocuments({ user: 'u', import_key: null })).toBe(10);
    await sessions.updateOne({ _id: 4 }, { $unset: { import_key: '' } });
    await sessions.updateOne({ _id: 5 }, { $set: { import_key: 'k4' } });
    expect(await sessions.distinct('_id', { user: 'u', import_key: 'k4' })).toEqual([5]);
  });
});
