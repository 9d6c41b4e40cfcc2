import { once } from 'node:events';
import { connect } from 'node:net';
import {
  UUID,
  type ClientSession,
  type Collection,
  type Db,
  type Document,
  type MongoClient,
} from 'mongodb';
import { RawClient, socketPath } from './support/raw-client.js';
import { TestServer } from './support/server.js';

describe('transactions', () => {
  const server = new TestServer();
  let client: MongoClient;
  let db: Db;
  let items: Collection<{ _id: number; n?: number; key?: string }>;
  let first: ClientSession;
  let second: ClientSession;

  beforeAll(async () => {
    await server.start();
    client = await server.client();
    db = client.db();
  });
  afterAll(() => server.dispose());

  beforeEach(async () => {
    await db.dropDatabase();
    items = db.collection('items');
    await items.createIndexes([{ key: { key: 1 }, unique: true, sparse: true }]);
    await items.createIndexes([{ key: { n: 1 } }]);
    await items.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    first = client.startSession();
    second = client.startSession();
  });
  afterEach(async () => {
    await first.endSession();
    await second.endSession();
  });

  it('shows its writes to itself at once and to others after the commit', async () => {
    first.startTransaction();
    const session = first;
    await items.insertOne({ _id: 3, n: 3 }, { session });
    await items.updateOne({ _id: 1 }, { $set: { n: 10 } }, { session });
    await items.deleteOne({ _id: 2 }, { session });
    const inside = await items.find({}, { session }).sort({ n: 1 }).toArray();
    expect(inside).toEqual([
      { _id: 3, n: 3 },
      { _id: 1, n: 10 },
    ]);
    expect(await items.countDocuments({ n: { $gte: 3 } }, { session })).toBe(2);
    expect(await items.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    await first.commitTransaction();
    expect(await items.find().sort({ n: 1 }).toArray()).toEqual(inside);
    expect(await items.find({ n: 1 }).toArray()).toEqual([]);
  });

  it('leaves nothing behind when it aborts', async () => {
    first.startTransaction();
    await items.insertOne({ _id: 3, key: 'k' }, { session: first });
    await first.abortTransaction();
    expect(await items.countDocuments({})).toBe(2);
    await items.insertOne({ _id: 4, key: 'k' });
  });

  it('reads the state of its first command, whatever others commit', async () => {
    first.startTransaction();
    const session = first;
    await items.findOne({ _id: 1 }, { session });
    await items.updateOne({ _id: 1 }, { $set: { n: 100 } });
    await items.insertOne({ _id: 3, n: 3 });
    expect(await items.findOne({ _id: 1 }, { session })).toEqual({ _id: 1, n: 1 });
    expect(await items.countDocuments({}, { session })).toBe(2);
    await first.commitTransaction();
    expect(await items.countDocuments({})).toBe(3);
  });

  it('lets the first writer win', async () => {
    first.startTransaction();
    second.startTransaction();
    await items.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: first });
    const error = await items
      .updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: second })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 112, codeName: 'WriteConflict' });
    expect((error as { errorLabels: string[] }).errorLabels).toContain('TransientTransactionError');
    await first.commitTransaction();
    await second.abortTransaction();
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 2 });
  });

  it('conflicts with a change that was committed after its snapshot', async () => {
    first.startTransaction();
    await items.findOne({ _id: 2 }, { session: first });
    await items.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    await expect(
      items.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: first }),
    ).rejects.toMatchObject({ code: 112 });
    await first.abortTransaction();
  });

  it('conflicts over a unique key that another transaction has taken', async () => {
    first.startTransaction();
    second.startTransaction();
    await items.insertOne({ _id: 3, key: 'k' }, { session: first });
    await expect(items.insertOne({ _id: 4, key: 'k' }, { session: second })).rejects.toMatchObject({
      code: 112,
    });
    await first.abortTransaction();
    await second.abortTransaction();
  });

  it('makes a plain write wait for the transaction that holds its document', async () => {
    first.startTransaction();
    await items.updateOne({ _id: 1 }, { $set: { n: 50 } }, { session: first });
    const waiting = items.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    // Answers of other connections show that the server is not blocked meanwhile.
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 1 });
    await first.commitTransaction();
    await waiting;
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 51 });
  });

  it('adds up under contention when conflicts are run again', async () => {
    const workers = Array.from({ length: 6 }, async (_, worker) => {
      for (let round = 0; round < 10; round++) {
        await client.withSession((session) =>
          session.withTransaction(async () => {
            await items.insertOne({ _id: 100 + worker * 10 + round }, { session });
            await items.updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
          }),
        );
      }
    });
    await Promise.all(workers);
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 61 });
    expect(await items.countDocuments({ _id: { $gte: 100 } })).toBe(60);
  });

  it('aborts when a statement fails', async () => {
    first.startTransaction();
    await items.insertOne({ _id: 3 }, { session: first });
    await expect(items.insertOne({ _id: 1 }, { session: first })).rejects.toMatchObject({
      code: 11000,
    });
    await expect(items.findOne({}, { session: first })).rejects.toMatchObject({ code: 251 });
    await first.abortTransaction();
    expect(await items.countDocuments({})).toBe(2);
  });

  it('reads a cursor in batches, with its own writes', async () => {
    first.startTransaction();
    const session = first;
    await items.insertMany(
      Array.from({ length: 300 }, (_, n) => ({ _id: 1000 + n, n })),
      { session },
    );
    const found = await items.find({ _id: { $gte: 1000 } }, { session, batchSize: 50 }).toArray();
    expect(found).toHaveLength(300);
    await first.abortTransaction();
  });

  it('commits a commit that is repeated', async () => {
    first.startTransaction();
    await items.insertOne({ _id: 3 }, { session: first });
    await first.commitTransaction();
    await first.commitTransaction();
    expect(await items.countDocuments({ _id: 3 })).toBe(1);
  });

  it('refuses to create an index inside, and aborts when one changes underneath', async () => {
    first.startTransaction();
    await items.findOne({ _id: 1 }, { session: first });
    await items.createIndexes([{ key: { later: 1 } }]);
    await expect(items.insertOne({ _id: 3 }, { session: first })).rejects.toMatchObject({
      code: 246,
      errorLabels: expect.arrayContaining(['TransientTransactionError']) as unknown,
    });
    await first.abortTransaction();
  });

  it('ends with the session', async () => {
    first.startTransaction();
    await items.updateOne({ _id: 1 }, { $set: { n: 50 } }, { session: first });
    await db.admin().command({ endSessions: [first.id!] });
    await items.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 2 });
    await first.abortTransaction();
  });

  it('ends with the connection', async () => {
    const other = await server.client({ maxPoolSize: 1 });
    const session = other.startSession();
    session.startTransaction();
    await other
      .db()
      .collection<{ _id: number }>('items')
      .updateOne({ _id: 1 }, { $set: { n: 50 } }, { session });
    const waiting = items.updateOne({ _id: 1 }, { $inc: { n: 1 } });
    await other.close(true);
    await waiting;
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 2 });
  });

  it('answers unknown and old transaction numbers as MongoDB does', async () => {
    const raw = await RawClient.open(server.uri);
    const lsid = { id: new UUID() };
    const number = (n: number): Document => ({ lsid, txnNumber: BigInt(n), autocommit: false });
    const find = { find: 'items' };
    expect(await raw.command({ ...find, ...number(5) })).toMatchObject({ code: 251 });
    expect(await raw.command({ ...find, ...number(6), startTransaction: true })).toMatchObject({
      ok: 1,
    });
    expect(await raw.command({ ...find, ...number(4) })).toMatchObject({ code: 225 });
    expect(await raw.command({ listCollections: 1, ...number(6) })).toMatchObject({ code: 263 });
    raw.close();
  });

  it('never runs a retried write twice, not even after a restart', async () => {
    const lsid = { id: new UUID() };
    const write = {
      update: 'items',
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }],
      lsid,
      txnNumber: 900n,
    };
    const change = {
      findAndModify: 'items',
      query: { _id: 2 },
      update: { $inc: { n: 1 } },
      new: true,
      lsid,
      txnNumber: 901n,
    };
    let raw = await RawClient.open(server.uri);
    expect(await raw.command(write)).toMatchObject({ n: 1, nModified: 1 });
    expect(await raw.command(write)).toMatchObject({ n: 1, nModified: 1 });
    expect(await raw.command(change)).toMatchObject({ value: { n: 3 } });
    raw.close();
    await server.stop();
    await server.start();
    client = await server.client();
    db = client.db();
    items = db.collection('items');
    raw = await RawClient.open(server.uri);
    expect(await raw.command(change)).toMatchObject({ value: { n: 3 } });
    expect(await raw.command(write)).toMatchObject({ code: 225, codeName: 'TransactionTooOld' });
    raw.close();
    expect(await items.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, n: 2 },
      { _id: 2, n: 3 },
    ]);
  });
});

describe('a broken client', () => {
  const server = new TestServer();
  beforeAll(() => server.start());
  afterAll(() => server.dispose());

  it.each<[string, Buffer]>([
    [
      'a message shorter than its header',
      Buffer.from([4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0]),
    ],
    [
      'a message of 2 GiB',
      Buffer.from([0xff, 0xff, 0xff, 0x7f, 1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0]),
    ],
    ['an unknown opcode', Buffer.from([16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])],
    ['compressed messages', Buffer.from([16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xdc, 7, 0, 0])],
  ])('loses its connection, and it alone, for %s', async (_title, bytes) => {
    const socket = connect(socketPath(server.uri));
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    socket.write(bytes);
    await closed;
    const client = await server.client();
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it('cannot stop the server with random frames', async () => {
    let seed = 42;
    const random = (): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
    for (let round = 0; round < 200; round++) {
      const socket = connect(socketPath(server.uri));
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      const length = 16 + Math.floor(random() * 80);
      const frame = Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
      frame.writeInt32LE(length, 0);
      frame.writeInt32LE(random() < 0.8 ? 2013 : 2004, 12);
      if (random() < 0.5 && length > 25) {
        frame.writeUInt32LE(0, 16);
        frame[20] = random() < 0.8 ? 0 : 1;
        frame.writeInt32LE(length - 21, 21);
        frame[length - 1] = 0;
      }
      socket.end(frame);
      socket.resume();
      await closed;
    }
    const client = await server.client();
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
});

describe('upserts at the same time', () => {
  const server = new TestServer();
  beforeAll(() => server.start());
  afterAll(() => server.dispose());

  it('meet at a unique index: one inserts, the others update', async () => {
    const counters = (await server.client()).db().collection('counters');
    await counters.createIndexes([{ key: { key: 1 }, unique: true }]);
    const change = { $inc: { n: 1 } };
    await Promise.all([
      ...Array.from({ length: 20 }, () =>
        counters.updateOne({ key: 'a' }, change, { upsert: true }),
      ),
      ...Array.from({ length: 20 }, () =>
        counters.findOneAndUpdate({ key: 'a' }, change, { upsert: true }),
      ),
    ]);
    expect(await counters.find({}, { projection: { _id: 0 } }).toArray()).toEqual([
      { key: 'a', n: 40 },
    ]);
  });
});
