import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { MongoClient, type Collection } from 'mongodb';
import { spawnEmbeddedServer } from '../src/index.js';
import { TestServer, temporaryDirectory } from './support/server.js';

interface Text {
  _id: number;
  n: number;
  words: string[];
}

/** More than one document has to be gathered for, and less than the whole test writes. */
const DOCUMENTS = 1_500;
const WORDS = 300;

/** Every document has twenty words, each word stands in many documents. */
function textOf(_id: number, change = 0): Text {
  const words = Array.from({ length: 20 }, (_, i) => wordOf((_id * 7 + i * i + change) % WORDS));
  return { _id, n: _id % 10, words: [...new Set(words)] };
}

function wordOf(rank: number): string {
  return `w${rank.toString(36)}`;
}

/** By the index over words, and by the index over ids, what a scan of the model finds. */
async function expectToFind(texts: Collection<Text>, model: Map<number, Text>): Promise<void> {
  const all = [...model.values()].sort((a, b) => b._id - a._id);
  for (let rank = 0; rank < WORDS; rank += 13) {
    const wanted = [wordOf(rank), wordOf((rank + 1) % WORDS)] as const;
    const one = all.filter(({ words }) => words.includes(wanted[0]));
    const both = one.filter(({ words }) => words.includes(wanted[1]));
    const sorted = { sort: { _id: -1 }, projection: { _id: 1 } } as const;
    const found = await texts.find({ words: wanted[0] }, sorted).toArray();
    expect(found.map(({ _id }) => _id)).toEqual(one.map(({ _id }) => _id));
    const first = await texts.find({ words: wanted[0] }, { ...sorted, limit: 3 }).toArray();
    expect(first.map(({ _id }) => _id)).toEqual(one.slice(0, 3).map(({ _id }) => _id));
    const conjunction = { $and: wanted.map((word) => ({ words: { $in: [word] } })) };
    const intersected = await texts.find(conjunction, sorted).toArray();
    expect(intersected.map(({ _id }) => _id)).toEqual(both.map(({ _id }) => _id));
    expect(await texts.countDocuments({ words: wanted[0] })).toBe(one.length);
  }
  const ids = await texts.find({ _id: { $gte: 0 } }, { sort: { _id: 1 } }).toArray();
  expect(ids).toEqual([...all].reverse());
}

async function insertEach(
  texts: Collection<Text>,
  model: Map<number, Text>,
  ids: readonly number[],
): Promise<void> {
  // Several at once share a group, as in a server with many clients.
  for (let at = 0; at < ids.length; at += 25) {
    const some = ids.slice(at, at + 25).map((id) => textOf(id));
    await Promise.all(some.map((text) => texts.insertOne(text)));
    for (const text of some) model.set(text._id, text);
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

describe('entries of documents with many keys', () => {
  it('are found from the first moment, while they are put into the index and after it', async () => {
    const server = new TestServer();
    await server.start();
    try {
      const texts = (await server.client()).db().collection<Text>('texts');
      await texts.createIndexes([{ key: { words: 1, _id: -1 } }]);
      const model = new Map<number, Text>();
      await insertEach(texts, model, upTo(300));
      await expectToFind(texts, model);
      await insertEach(
        texts,
        model,
        upTo(DOCUMENTS).filter((id) => id >= 300),
      );
      await expectToFind(texts, model);
      for (let id = 0; id < DOCUMENTS; id += 9) {
        await texts.replaceOne({ _id: id }, textOf(id, 5));
        model.set(id, textOf(id, 5));
        await texts.deleteOne({ _id: id + 1 });
        model.delete(id + 1);
      }
      await expectToFind(texts, model);
      await expect(texts.insertOne(textOf(DOCUMENTS - 1))).rejects.toMatchObject({ code: 11_000 });
      await server.stop();
      const file = new BetterSqlite3(join(server.dataDir, 'mongodb', 'data.sqlite'));
      expect(file.prepare('SELECT count(*) FROM unindexed').pluck().get()).toBe(0);
      file.close();
      await server.start();
      await expectToFind((await server.client()).db().collection<Text>('texts'), model);
    } finally {
      await server.dispose();
    }
  });

  it('are as a transaction found them, whatever is put into the index beside it', async () => {
    const server = new TestServer();
    await server.start();
    try {
      const client = await server.client();
      const texts = client.db().collection<Text>('texts');
      await texts.createIndexes([{ key: { words: 1, _id: -1 } }]);
      const model = new Map<number, Text>();
      await insertEach(texts, model, upTo(200));
      await client.withSession(async (session) => {
        session.startTransaction();
        const found = async (): Promise<number[]> => {
          const rows = texts.find({ words: wordOf(7) }, { session, sort: { _id: 1 } });
          return (await rows.toArray()).map(({ _id }) => _id);
        };
        const expected = [...model.values()]
          .filter(({ words }) => words.includes(wordOf(7)))
          .map(({ _id }) => _id);
        expect(await found()).toEqual(expected);
        const beside = new Map(model);
        await insertEach(
          texts,
          beside,
          upTo(DOCUMENTS).filter((id) => id >= 200),
        );
        await texts.deleteMany({ _id: { $lt: 50 } });
        expect(await found()).toEqual(expected);
        const own: Text = { ...textOf(9_000), words: [...textOf(9_000).words, wordOf(7)] };
        await texts.insertOne(own, { session });
        expect(await found()).toEqual([...expected, 9_000]);
        await texts.deleteOne({ _id: 9_000 }, { session });
        expect(await found()).toEqual(expected);
        await session.abortTransaction();
      });
    } finally {
      await server.dispose();
    }
  });

  it.each([100, 1_000])(
    'are there after a kill when %d documents were acknowledged',
    async (count) => {
      const folder = temporaryDirectory();
      try {
        const model = new Map<number, Text>();
        const killed = await spawnEmbeddedServer({ dataDir: folder.path });
        const before = await MongoClient.connect(killed.uri);
        const written = before.db().collection<Text>('texts');
        await written.createIndexes([{ key: { words: 1, _id: -1 } }]);
        await insertEach(written, model, upTo(count));
        await written.replaceOne({ _id: 3 }, textOf(3, 11));
        model.set(3, textOf(3, 11));
        await written.deleteOne({ _id: 4 });
        model.delete(4);
        await before.close();
        process.kill(killed.pid, 'SIGKILL');
        await killed.exited;
        const again = await spawnEmbeddedServer({ dataDir: folder.path });
        const after = await MongoClient.connect(again.uri);
        await expectToFind(after.db().collection<Text>('texts'), model);
        await after.close();
        await again.stop();
      } finally {
        folder.remove();
      }
    },
  );

  it('are gone with their index and with their collection', async () => {
    const server = new TestServer();
    await server.start();
    try {
      const db = (await server.client()).db();
      const texts = db.collection<Text>('texts');
      await texts.createIndexes([{ key: { words: 1, _id: -1 }, name: 'by words' }]);
      const model = new Map<number, Text>();
      await insertEach(texts, model, upTo(60));
      await texts.dropIndex('by words');
      await expectToFind(texts, model);
      await texts.createIndexes([{ key: { words: 1, _id: -1 }, name: 'by words' }]);
      await expectToFind(texts, model);
      await insertEach(
        texts,
        model,
        upTo(120).filter((id) => id >= 60),
      );
      await texts.drop();
      expect(await texts.countDocuments({ words: wordOf(7) })).toBe(0);
      await server.stop();
      const file = new BetterSqlite3(join(server.dataDir, 'mongodb', 'data.sqlite'));
      expect(file.prepare('SELECT count(*) FROM idx').pluck().get()).toBe(0);
      file.close();
    } finally {
      await server.dispose();
    }
  });

  it('can be added to a file of format 2', async () => {
    const server = new TestServer();
    await server.start();
    try {
      await server.stop();
      const file = new BetterSqlite3(join(server.dataDir, 'mongodb', 'data.sqlite'));
      file.exec('DROP TABLE unindexed');
      file.pragma('user_version = 2');
      file.close();
      await server.start();
      const texts = (await server.client()).db().collection<Text>('texts');
      await texts.createIndexes([{ key: { words: 1, _id: -1 } }]);
      const model = new Map<number, Text>();
      await insertEach(texts, model, upTo(50));
      await expectToFind(texts, model);
    } finally {
      await server.dispose();
    }
  });
});
