import {
  Binary,
  Decimal128,
  Double,
  Int32,
  Long,
  UUID,
  type Collection,
  type Db,
  type Document,
} from 'mongodb';
import { refusal, TestServer } from './support/server.js';

const uuid = new UUID('00112233-4455-6677-8899-aabbccddeeff');

/** Documents by number, and which of them a filter finds according to MongoDB's manual. */
const DOCUMENTS: Document[] = [
  { _id: 0, a: new Int32(1), s: 'abc' },
  { _id: 1, a: new Double(1.5), s: 'Abd\n' },
  { _id: 2, a: Long.fromString('9007199254740993') },
  { _id: 3, a: Decimal128.fromString('1.0') },
  { _id: 4, a: null },
  { _id: 5 },
  { _id: 6, a: [1, 2, 3] },
  { _id: 7, a: [] },
  { _id: 8, a: { x: 1, y: 2 } },
  { _id: 9, a: { y: 2, x: 1 } },
  { _id: 10, a: [{ x: 1, y: 1 }, { x: 2 }] },
  { _id: 11, a: uuid },
  { _id: 12, a: 'text' },
  { _id: 13, a: NaN },
  { _id: 14, a: new Date(0) },
];

describe('filters', () => {
  const server = new TestServer();
  let db: Db;
  let items: Collection;

  beforeAll(async () => {
    await server.start();
    db = (await server.client()).db();
    items = db.collection('items');
    await items.insertMany(DOCUMENTS.map((document) => ({ ...document }) as never));
  });
  afterAll(() => server.dispose());

  it.each<[string, Document, number[]]>([
    ['equality across number types', { a: 1 }, [0, 3, 6]],
    ['Long exactly', { a: Long.fromString('9007199254740993') }, [2]],
    ['no neighbour of a Long', { a: Long.fromString('9007199254740992') }, []],
    ['ranges within numbers', { a: { $gt: 1 } }, [1, 2, 6]],
    ['ranges that two elements meet', { a: { $gt: 2, $lt: 2 } }, [6]],
    ['$lt without NaN', { a: { $lt: 2 } }, [0, 1, 3, 6]],
    ['NaN', { a: NaN }, [13]],
    ['null or missing', { a: null }, [4, 5]],
    ['$gt null finds nothing', { a: { $gt: null } }, []],
    ['$gte null is null', { a: { $gte: null } }, [4, 5]],
    ['$exists', { a: { $exists: false } }, [5]],
    ['$ne', { a: { $ne: 1 } }, [1, 2, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14]],
    ['$in with binary', { a: { $in: [uuid, 'text'] } }, [11, 12]],
    ['$in with null', { a: { $in: [null, 2] } }, [4, 5, 6]],
    ['$in with a pattern', { a: { $in: [/^te/] } }, [12]],
    ['documents by the order of fields', { a: { x: 1, y: 2 } }, [8]],
    ['dotted paths through arrays', { 'a.x': 1 }, [8, 9, 10]],
    ['a position in an array', { 'a.1': 2 }, [6]],
    ['a dotted null', { 'a.y': null }, [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14]],
    ['whole arrays', { a: [1, 2, 3] }, [6]],
    ['an empty array', { a: [] }, [7]],
    ['$size', { a: { $size: 2 } }, [10]],
    ['$all', { a: { $all: [1, 3] } }, [6]],
    ['$elemMatch on documents', { a: { $elemMatch: { x: 1, y: 1 } } }, [10]],
    ['$elemMatch on values', { a: { $elemMatch: { $gt: 2, $lt: 4 } } }, [6]],
    ['$type by alias', { a: { $type: 'long' } }, [2]],
    ['$type number', { a: { $type: 'number' } }, [0, 1, 2, 3, 6, 13]],
    ['$type array', { a: { $type: 'array' } }, [6, 7, 10]],
    ['$mod', { a: { $mod: [2, 1] } }, [0, 1, 2, 3, 6]],
    ['$regex', { s: { $regex: '^ab', $options: 'i' } }, [0, 1]],
    ['$ before a final newline', { s: /d$/ }, [1]],
    ['$not', { a: { $not: { $type: 'number' } } }, [4, 5, 7, 8, 9, 10, 11, 12, 14]],
    ['$or', { $or: [{ a: 'text' }, { s: 'abc' }] }, [0, 12]],
    ['$nor', { $nor: [{ a: { $exists: true } }] }, [5]],
    ['$expr', { $expr: { $eq: ['$a', 'text'] } }, [12]],
  ])('find %s', async (_title, filter, found) => {
    const ids = (await items.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    expect(ids).toEqual(found);
  });

  it.each<[string, Document, Document]>([
    ['inclusion', { a: 1 }, { _id: 8, a: { x: 1, y: 2 } }],
    ['without _id', { _id: 0, a: 1 }, { a: { x: 1, y: 2 } }],
    ['a dotted path', { 'a.x': 1 }, { _id: 8, a: { x: 1 } }],
    ['exclusion', { 'a.x': 0 }, { _id: 8, a: { y: 2 } }],
    ['an expression', { n: { $add: ['$a.x', '$a.y'] } }, { _id: 8, n: 3 }],
  ])('project %s', async (_title, projection, shown) => {
    expect(await items.findOne({ _id: 8 as never }, { projection })).toEqual(shown);
  });

  it('sorts across types as BSON does', async () => {
    const sorted = await items
      .find({ _id: { $in: [0, 4, 8, 11, 12, 14] as never } })
      .sort({ a: 1 })
      .toArray();
    expect(sorted.map(({ _id }) => _id)).toEqual([4, 0, 12, 8, 11, 14]);
  });

  it('accepts binaries of any subtype as they are', async () => {
    const bytes = new Binary(Buffer.from('x'), 128);
    await items.insertOne({ _id: 100 as never, b: bytes });
    expect((await items.findOne({ b: bytes }))?._id).toBe(100);
    await items.deleteOne({ _id: 100 as never });
  });

  it.each<[string, Document, number, string]>([
    ['an unknown command', { nope: 1 }, 59, 'CommandNotFound'],
    ['an unknown option', { find: 'items', nope: 1 }, 40415, 'Location40415'],
    ['an unknown operator', { find: 'items', filter: { a: { $nope: 1 } } }, 2, 'BadValue'],
    ['an unknown operator on top', { find: 'items', filter: { $nope: 1 } }, 2, 'BadValue'],
    ['$where', { find: 'items', filter: { $where: '1' } }, 238, 'NotImplemented'],
    ['$text', { find: 'items', filter: { $text: { $search: 'x' } } }, 238, 'NotImplemented'],
    ['$near', { find: 'items', filter: { a: { $near: [1, 1] } } }, 238, 'NotImplemented'],
    ['a collation', { find: 'items', collation: { locale: 'de' } }, 238, 'NotImplemented'],
    ['a tailable cursor', { find: 'items', tailable: true }, 238, 'NotImplemented'],
    ['a filter that is no document', { find: 'items', filter: 'x' }, 14, 'TypeMismatch'],
    ['a limit that is negative', { find: 'items', limit: -1 }, 2, 'BadValue'],
    ['a sort by 2', { find: 'items', sort: { a: 2 } }, 2, 'BadValue'],
    ['a regex that is invalid', { find: 'items', filter: { s: { $regex: '(' } } }, 2, 'BadValue'],
    [
      'a regex that JavaScript reads otherwise',
      { find: 'items', filter: { s: { $regex: '[[:alpha:]]' } } },
      2,
      'BadValue',
    ],
    ['a mixed projection', { find: 'items', projection: { a: 1, b: 0 } }, 31254, 'Location31254'],
    ['a projection by $', { find: 'items', projection: { 'a.$': 1 } }, 238, 'NotImplemented'],
    [
      'an unknown stage',
      { aggregate: 'items', pipeline: [{ $nope: {} }], cursor: {} },
      40324,
      'Location40324',
    ],
    [
      '$lookup',
      { aggregate: 'items', pipeline: [{ $lookup: {} }], cursor: {} },
      238,
      'NotImplemented',
    ],
    ['$out', { aggregate: 'items', pipeline: [{ $out: 'x' }], cursor: {} }, 238, 'NotImplemented'],
    [
      'an unknown expression',
      { aggregate: 'items', pipeline: [{ $project: { a: { $nope: 1 } } }], cursor: {} },
      238,
      'NotImplemented',
    ],
    [
      'a change stream',
      { aggregate: 'items', pipeline: [{ $changeStream: {} }], cursor: {} },
      238,
      'NotImplemented',
    ],
    ['an aggregation without cursor', { aggregate: 'items', pipeline: [] }, 40415, 'Location40415'],
    ['a capped collection', { create: 'c', capped: true, size: 10 }, 238, 'NotImplemented'],
    ['a validator', { create: 'c', validator: {} }, 238, 'NotImplemented'],
    ['a bad name', { create: 'a$b' }, 73, 'InvalidNamespace'],
    [
      'a text index',
      { createIndexes: 'items', indexes: [{ key: { a: 'text' }, name: 'x' }] },
      238,
      'NotImplemented',
    ],
    [
      'an empty index',
      { createIndexes: 'items', indexes: [{ key: {}, name: 'x' }] },
      67,
      'CannotCreateIndex',
    ],
    [
      'a compound TTL index',
      {
        createIndexes: 'items',
        indexes: [{ key: { a: 1, b: 1 }, name: 'x', expireAfterSeconds: 1 }],
      },
      67,
      'CannotCreateIndex',
    ],
    ['an array as _id', { insert: 'items', documents: [] }, 16, 'InvalidLength'],
    ['mapReduce', { mapReduce: 'items' }, 59, 'CommandNotFound'],
    ['bulkWrite on another database', { bulkWrite: 1, ops: [], nsInfo: [] }, 13, 'Unauthorized'],
  ])('refuse %s', async (_title, command, code, codeName) => {
    expect(await refusal(db, command)).toMatchObject({ code, codeName });
  });

  it('refuses concerns that nobody could meet', async () => {
    await expect(items.insertOne({ x: 1 }, { writeConcern: { w: 3 } })).rejects.toMatchObject({
      code: 79,
    });
    await expect(
      items.find({}, { readConcern: { level: 'nope' as never } }).toArray(),
    ).rejects.toMatchObject({ code: 9 });
  });
});

describe('expiring documents', () => {
  const server = new TestServer();
  afterAll(() => server.dispose());

  it('are removed at the start, and dates in the future and other types are kept', async () => {
    await server.start();
    let tokens = (await server.client()).db().collection('tokens');
    await tokens.createIndexes([{ key: { expires: 1 }, expireAfterSeconds: 0 }]);
    await tokens.createIndexes([{ key: { name: 1 } }]);
    const past = new Date(Date.now() - 1000);
    await tokens.insertMany([
      { name: 'old', expires: past },
      { name: 'any', expires: [new Date(Date.now() + 60_000), past] },
      { name: 'new', expires: new Date(Date.now() + 60_000) },
      { name: 'text', expires: 'yesterday' },
      { name: 'none' },
    ]);
    await server.stop();
    await server.start();
    tokens = (await server.client()).db().collection('tokens');
    const kept = await tokens.find().sort({ name: 1 }).toArray();
    expect(kept.map(({ name }) => name as string)).toEqual(['new', 'none', 'text']);
    expect(await tokens.countDocuments({ name: 'old' })).toBe(0);
  });
});
