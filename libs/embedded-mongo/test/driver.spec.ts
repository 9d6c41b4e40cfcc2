import {
  Binary,
  Decimal128,
  Double,
  Int32,
  Long,
  MongoClient,
  ObjectId,
  UUID,
  type Collection,
  type Db,
} from 'mongodb';
import { TestServer } from './support/server.js';

describe('the unmodified driver', () => {
  const server = new TestServer();
  let client: MongoClient;
  let db: Db;
  let items: Collection;

  beforeAll(async () => {
    await server.start();
    client = await server.client();
  });
  afterAll(() => server.dispose());

  beforeEach(async () => {
    db = client.db();
    await db.dropDatabase();
    items = db.collection('items');
  });

  it('is offered sessions and transactions, and no streaming heartbeat', async () => {
    const hello = await db.admin().command({ hello: 1 });
    expect(hello).toMatchObject({
      isWritablePrimary: true,
      setName: 'embedded',
      maxWireVersion: 25,
    });
    expect(hello.logicalSessionTimeoutMinutes).toBe(30);
    expect(hello).not.toHaveProperty('topologyVersion');
    expect(hello).not.toHaveProperty('compression');
  });

  it('tells a cluster time that never goes back', async () => {
    const times: Long[] = [];
    for (let round = 0; round < 5; round++) {
      const answer = await db.command({ ping: 1 });
      times.push(answer.operationTime as Long);
    }
    for (let at = 1; at < times.length; at++) {
      expect(times[at]!.compare(times[at - 1]!)).toBeGreaterThan(0);
    }
  });

  it('gives back every BSON type as it was stored', async () => {
    const document = {
      _id: new ObjectId(),
      int: new Int32(1),
      double: new Double(1),
      long: Long.fromString('9007199254740993'),
      decimal: Decimal128.fromString('1.10'),
      text: 'zwölf Boxkämpfer 🥊 \u0000 end',
      binary: new Binary(Buffer.from([1, 2, 3])),
      uuid: new UUID(),
      date: new Date(-1),
      nothing: null,
      yes: true,
      nested: { 1: 'b', 0: 'a', list: [1, [2, { deep: [] }]] },
      pattern: /a.b/i,
    };
    await items.insertOne(document);
    const stored = await items.findOne({}, { promoteValues: false, bsonRegExp: false });
    expect(stored).toMatchObject({
      int: new Int32(1),
      double: new Double(1),
      long: document.long,
      decimal: document.decimal,
      text: document.text,
      date: document.date,
      pattern: /a.b/i,
    });
    expect((stored?.uuid as UUID).toHexString()).toBe(document.uuid.toHexString());
  });

  it('keeps the types of fields that an update does not name', async () => {
    await items.insertOne({
      _id: 1 as never,
      double: new Double(3),
      long: Long.fromNumber(4),
      n: 1,
    });
    await items.updateOne({ _id: 1 as never }, { $inc: { n: 1 } });
    const stored = await items.findOne({}, { promoteValues: false });
    expect(stored?.double).toEqual(new Double(3));
    expect(stored?.long).toEqual(Long.fromNumber(4));
    expect(stored?.n).toEqual(new Int32(2));
  });

  it('puts the _id first', async () => {
    await db.command({ insert: 'items', documents: [{ a: 1, _id: 7 }, { a: 2 }] });
    const stored = await items.find().toArray();
    expect(stored.map((document) => Object.keys(document))).toEqual([
      ['_id', 'a'],
      ['_id', 'a'],
    ]);
    expect(stored[1]?._id).toBeInstanceOf(ObjectId);
  });

  it('reads a large result in batches with getMore', async () => {
    await items.insertMany(Array.from({ length: 1000 }, (_, n) => ({ n })));
    const all = await items.find({}, { batchSize: 37 }).toArray();
    expect(all.map((document) => document.n as number)).toEqual(
      Array.from({ length: 1000 }, (_, n) => n),
    );
  });

  it('forgets a cursor that was killed', async () => {
    await items.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })));
    const first = await db.command({ find: 'items', batchSize: 2 });
    const { id } = first.cursor as { id: Long };
    const killed = await db.command({ killCursors: 'items', cursors: [id] });
    expect(killed.cursorsKilled).toHaveLength(1);
    await expect(db.command({ getMore: id, collection: 'items' })).rejects.toMatchObject({
      code: 43,
      codeName: 'CursorNotFound',
    });
  });

  it('keeps a batch below 16 MiB', async () => {
    const text = 'x'.repeat(5 * 1024 * 1024);
    for (let n = 0; n < 5; n++) await items.insertOne({ n, text });
    const first = await db.command({ find: 'items' });
    expect((first.cursor as { firstBatch: unknown[] }).firstBatch).toHaveLength(3);
    expect(await items.find().toArray()).toHaveLength(5);
  });

  it('refuses a document over 16 MiB', async () => {
    const text = 'x'.repeat(10 * 1024 * 1024);
    await items.insertOne({ text });
    await expect(items.updateOne({}, { $set: { more: text } })).rejects.toMatchObject({
      code: 10334,
    });
    expect(await items.countDocuments({ more: { $exists: true } })).toBe(0);
  });

  it('answers a duplicate as MongoDB does', async () => {
    await items.createIndexes([{ key: { email: 1 }, unique: true }]);
    await items.insertOne({ email: 'a' });
    await expect(items.insertOne({ email: 'a' })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { email: 1 },
      keyValue: { email: 'a' },
      message:
        'E11000 duplicate key error collection: chat.items index: email_1 dup key: { email: "a" }',
    });
    await expect(
      items.findOneAndUpdate({ _id: new ObjectId() }, { $set: { email: 'a' } }, { upsert: true }),
    ).rejects.toMatchObject({ code: 11000, codeName: 'DuplicateKey', keyValue: { email: 'a' } });
  });

  it('treats a missing field as null in a unique index', async () => {
    await items.createIndexes([{ key: { email: 1 }, unique: true }]);
    await items.insertOne({ email: null });
    await expect(items.insertOne({})).rejects.toMatchObject({ code: 11000 });
  });

  it('stops an ordered bulk at the first error and finishes an unordered one', async () => {
    const documents = [1, 1, 2].map((_id) => ({ _id: _id as never }));
    await expect(items.insertMany(documents)).rejects.toMatchObject({
      code: 11000,
      result: { insertedCount: 1 },
    });
    await items.deleteMany({});
    await expect(items.insertMany(documents, { ordered: false })).rejects.toMatchObject({
      result: { insertedCount: 2 },
      writeErrors: [{ index: 1 }],
    });
  });

  it('runs a client-level bulkWrite with results for each operation', async () => {
    const namespace = 'chat.items';
    const result = await client.bulkWrite(
      [
        { name: 'insertOne', namespace, document: { k: 1 } },
        { name: 'updateOne', namespace, filter: { k: 1 }, update: { $set: { a: 1 } } },
        {
          name: 'updateOne',
          namespace,
          filter: { k: 2 },
          update: { $set: { a: 1 } },
          upsert: true,
        },
        { name: 'deleteMany', namespace, filter: {} },
      ],
      { verboseResults: true },
    );
    expect(result).toMatchObject({
      insertedCount: 1,
      matchedCount: 1,
      modifiedCount: 1,
      upsertedCount: 1,
      deletedCount: 2,
    });
    expect(result.updateResults?.get(2)).toMatchObject({
      upsertedId: expect.any(ObjectId) as unknown,
      didUpsert: true,
    });
  });

  it('lists and drops collections and indexes', async () => {
    await db.createCollection('other');
    await expect(db.createCollection('other')).rejects.toMatchObject({ code: 48 });
    await items.createIndexes([{ key: { a: 1 }, name: 'by_a' }]);
    expect(await items.createIndexes([{ key: { a: 1 }, name: 'by_a' }])).toEqual(['by_a']);
    await expect(items.createIndexes([{ key: { a: -1 }, name: 'by_a' }])).rejects.toMatchObject({
      code: 86,
    });
    await expect(items.createIndexes([{ key: { a: 1 }, name: 'again' }])).rejects.toMatchObject({
      code: 85,
    });
    await expect(items.dropIndex('nope')).rejects.toMatchObject({ code: 27 });
    await items.dropIndex('by_a');
    expect((await items.indexes()).map((index) => index.name)).toEqual(['_id_']);
    const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(
      ({ name }) => name,
    );
    expect(names.sort()).toEqual(['items', 'other']);
    await expect(db.collection('absent').indexes()).rejects.toMatchObject({ code: 26 });
  });

  it('undoes an index whose field has duplicates', async () => {
    await items.insertMany([{ a: 1 }, { a: 1 }]);
    await expect(items.createIndexes([{ key: { a: 1 }, unique: true }])).rejects.toMatchObject({
      code: 11000,
    });
    expect(await items.indexes()).toHaveLength(1);
  });

  it('works without an answer for unacknowledged writes', async () => {
    await items.insertOne({ a: 1 }, { writeConcern: { w: 0 } });
    // The same connection runs its commands in order, so the next answer comes after the write.
    const single = await server.client({ maxPoolSize: 1 });
    await single
      .db()
      .collection('items')
      .insertOne({ a: 2 }, { writeConcern: { w: 0 } });
    expect(await single.db().collection('items').countDocuments({ a: 2 })).toBe(1);
  });

  it('groups, counts and sorts in an aggregation', async () => {
    await items.insertMany([
      { kind: 'a', n: 1 },
      { kind: 'b', n: 2 },
      { kind: 'a', n: Long.fromNumber(3) },
    ]);
    expect(
      await items
        .aggregate([
          { $match: { n: { $gt: 0 } } },
          { $group: { _id: '$kind', sum: { $sum: '$n' }, count: { $sum: 1 } } },
          { $sort: { _id: 1 } },
          { $project: { _id: 0, kind: '$_id', sum: 1, count: 1 } },
        ])
        .toArray(),
    ).toEqual([
      { kind: 'a', sum: 4, count: 2 },
      { kind: 'b', sum: 2, count: 1 },
    ]);
    expect(await items.countDocuments({ kind: 'a' })).toBe(2);
    expect(await items.estimatedDocumentCount()).toBe(3);
    expect(await items.distinct('kind')).toEqual(['a', 'b']);
  });

  it('gives up when maxTimeMS is over', async () => {
    await items.insertMany(Array.from({ length: 20_000 }, (_, n) => ({ n })));
    await expect(items.find({ m: 1 }).maxTimeMS(1).toArray()).rejects.toMatchObject({ code: 50 });
  });
});
