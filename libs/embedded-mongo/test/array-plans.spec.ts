import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import type { ClientSession, Collection, Db, Document, MongoClient } from 'mongodb';
import { TestServer } from './support/server.js';

interface StageAnswer {
  readonly stage: string;
  readonly indexName?: string;
  readonly inputStage?: StageAnswer;
}

async function stagesOf(cursor: { explain: (v: string) => Promise<Document> }): Promise<string[]> {
  const answer = await cursor.explain('queryPlanner');
  const planner = answer.queryPlanner as { winningPlan: StageAnswer };
  const stages: string[] = [];
  for (let at: StageAnswer | undefined = planner.winningPlan; at; at = at.inputStage) {
    stages.push(at.stage);
  }
  return stages;
}

const NEWEST = { t: -1, _id: -1 } as const;

describe('plans of indexes with arrays', () => {
  const server = new TestServer();
  let client: MongoClient;
  let db: Db;

  beforeAll(async () => {
    await server.start();
    client = await server.client();
    db = client.db();
  });
  afterAll(() => server.dispose());

  describe('where one path holds arrays', () => {
    let entries: Collection<{ _id: number; u: number; w: string[]; t: number; s: string }>;

    beforeAll(async () => {
      entries = db.collection('entries');
      await entries.createIndexes([{ key: { u: 1, w: 1, t: -1, _id: -1 } }]);
      await entries.insertMany(
        Array.from({ length: 2000 }, (_, n) => ({
          _id: n,
          u: n % 2,
          t: n >> 3,
          s: n % 4 < 2 ? 'x' : 'y',
          w: [`a${n % 3}`, `b${n % 5}`, `c${n % 500}`, ...(n % 97 === 0 ? ['rare'] : [])],
        })),
      );
    });

    it('sorts by the fields after a point, and reads no more than it returns', async () => {
      const cursor = entries.find({ u: 1, w: 'a1' }).sort(NEWEST).limit(20);
      expect(await stagesOf(cursor.clone())).toEqual(['LIMIT', 'FETCH', 'IXSCAN']);
      const answer = await cursor.explain('executionStats');
      expect(answer.executionStats).toMatchObject({ totalKeysExamined: 20, totalDocsExamined: 20 });
    });

    it('delivers a document with several of the wanted elements once, in order', async () => {
      const cursor = entries.find({ u: 0, w: { $in: ['a0', 'b0', 'c0', 'c4'] } }).sort(NEWEST);
      expect(await stagesOf(cursor.clone())).not.toContain('SORT');
      const found = (await cursor.toArray()).map(({ _id }) => _id);
      const wanted = Array.from({ length: 1000 }, (_, n) => 1998 - 2 * n).filter(
        (n) => n % 3 === 0 || n % 5 === 0 || n % 500 === 0 || n % 500 === 4,
      );
      expect(found).toEqual(wanted);
    });

    it.each<[string, Document, (n: number) => boolean]>([
      ['two common words', { $and: [{ w: 'a1' }, { w: { $in: ['b2', 'b3'] } }] }, isCommon],
      ['$all', { w: { $all: ['a1', 'b2'] } }, (n) => n % 3 === 1 && n % 5 === 2],
      ['rare and common', { w: { $all: ['rare', 'a1'] } }, (n) => n % 97 === 0 && n % 3 === 1],
      ['words that never meet', { w: { $all: ['a1', 'a2'] } }, () => false],
      [
        'what the document has to tell as well',
        { $and: [{ w: 'a1' }, { w: 'b2' }], s: 'x' },
        (n) => n % 3 === 1 && n % 5 === 2 && n % 4 < 2,
      ],
      [
        'words that must not be there',
        { $and: [{ w: 'a1' }, { w: 'b2' }, { w: { $nin: ['c1', 'c7'] } }] },
        (n) => n % 3 === 1 && n % 5 === 2 && n % 500 !== 1 && n % 500 !== 7,
      ],
    ])('intersects %s in the index', async (_title, filter, holds) => {
      const cursor = entries
        .find({ u: 1, ...filter })
        .sort(NEWEST)
        .limit(30);
      expect(await stagesOf(cursor.clone())).toEqual(['LIMIT', 'FETCH', 'AND_SORTED']);
      const wanted = Array.from({ length: 1000 }, (_, n) => 1999 - 2 * n).filter(holds);
      expect((await cursor.toArray()).map(({ _id }) => _id)).toEqual(wanted.slice(0, 30));
      expect(await entries.countDocuments({ u: 1, ...filter })).toBe(wanted.length);
    });

    it('looks only into the documents of the result', async () => {
      const answer = await entries
        .find({ u: 1, w: { $all: ['a1', 'b2'] } })
        .sort(NEWEST)
        .limit(10)
        .explain('executionStats');
      expect(answer.executionStats).toMatchObject({ nReturned: 10, totalDocsExamined: 10 });
    });

    it('goes on after a page within an intersection', async () => {
      const base = { u: 1, w: { $all: ['a1', 'b2'] } };
      const all = await entries.find(base).sort(NEWEST).toArray();
      const last = all[9]!;
      const cursor = entries
        .find({ ...base, $or: [{ t: { $lt: last.t } }, { t: last.t, _id: { $lt: last._id } }] })
        .sort(NEWEST)
        .limit(10);
      expect(await stagesOf(cursor.clone())).toEqual(['LIMIT', 'FETCH', 'AND_SORTED']);
      expect(await cursor.toArray()).toEqual(all.slice(10, 20));
    });

    it('leaves out a set of many ranges whose seeks cost more than they save', async () => {
      const many = Array.from({ length: 500 }, (_, n) => `c${n}`);
      const found = await entries
        .find({ u: 1, $and: [{ w: 'rare' }, { w: { $in: many } }] })
        .sort(NEWEST)
        .toArray();
      const rare = Array.from({ length: 21 }, (_, n) => n * 97).filter((n) => n % 2 === 1);
      expect(found.map(({ _id }) => _id)).toEqual(rare.reverse());
    });

    it('checks what it read ahead when documents change before they are delivered', async () => {
      const changing = db.collection<{ _id: number; w: string[]; t: number }>('changing');
      await changing.createIndexes([{ key: { w: 1, t: 1 } }]);
      await changing.insertMany(
        Array.from({ length: 50 }, (_, n) => ({ _id: n, w: ['a', 'b'], t: n })),
      );
      const cursor = changing.find({ w: { $all: ['a', 'b'] } }, { batchSize: 5 }).sort({ t: 1 });
      await cursor.next();
      await changing.updateMany({ t: { $gte: 20 } }, { $pull: { w: 'b' } as never });
      const rest = await cursor.toArray();
      expect(rest.map(({ _id }) => _id)).toEqual(Array.from({ length: 19 }, (_, n) => n + 1));
    });
  });

  it('keeps what it knows of the paths over a restart', async () => {
    const own = new TestServer();
    await own.start();
    try {
      const before = (await own.client()).db().collection('kept');
      await before.createIndexes([{ key: { w: 1, t: 1 } }]);
      await before.insertMany([
        { w: ['a', 'b'], t: 2 },
        { w: ['a'], t: 1 },
      ]);
      await own.stop();
      await own.start();
      const after = (await own.client()).db().collection('kept');
      expect(await stagesOf(after.find({ w: 'a' }).sort({ t: 1 }))).not.toContain('SORT');
      expect(await stagesOf(after.find({ t: 1 }).sort({ w: 1 }))).toContain('SORT');
      expect(await after.countDocuments({ w: { $in: ['a', 'b'] } })).toBe(2);
    } finally {
      await own.dispose();
    }
  });

  it('takes every path of an index with arrays for one that holds them in a file of format 1', async () => {
    const own = new TestServer();
    await own.start();
    try {
      const before = (await own.client()).db().collection('old');
      await before.createIndexes([{ key: { w: 1, t: 1 } }]);
      await before.insertMany([
        { w: ['a', 'b'], t: 2 },
        { w: 'a', t: 1 },
      ]);
      await own.stop();
      const file = new BetterSqlite3(join(own.dataDir, 'mongodb', 'data.sqlite'));
      file.exec('UPDATE indexes SET multikey = 1 WHERE multikey > 0');
      file.pragma('user_version = 1');
      file.close();
      await own.start();
      const after = (await own.client()).db().collection('old');
      const byTime = after.find({ w: 'a' }).sort({ t: 1 });
      expect(await stagesOf(byTime.clone())).toContain('SORT');
      expect((await byTime.toArray()).map(({ t }) => t as number)).toEqual([1, 2]);
    } finally {
      await own.dispose();
    }
  });

  // Each collection has arrays in other paths, so that each has other plans.
  it.each(['w', 'c', 'both'] as const)(
    'find exactly what a scan finds, in its order (arrays in %s)',
    async (where) => {
      const probes = db.collection<{ _id: number } & Document>(`probes_${where}`);
      await probes.createIndexes(INDEXES.map((key) => ({ key })));
      const documents = fc.array(storedIn(where), { minLength: 4, maxLength: 30 });
      const queries = fc.array(query, { minLength: 8, maxLength: 8 });
      const changes = fc.array(fc.tuple(fc.nat(35), storedIn(where)), { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(documents, changes, queries, async (stored, changed, asked) => {
          await probes.deleteMany({});
          await probes.insertMany(stored.map((document, _id) => ({ ...document, _id })));
          for (const each of asked) await expectSame(probes, each);
          await client.withSession(async (session) => {
            session.startTransaction();
            for (const [_id, document] of changed) {
              await probes.replaceOne({ _id }, document, { upsert: true, session });
            }
            if (changed.length > 3) await probes.deleteOne({ _id: 1 }, { session });
            for (const each of asked) await expectSame(probes, each, session);
            await session.abortTransaction();
          });
        }),
        { numRuns: 25 },
      );
    },
    120_000,
  );
});

function isCommon(n: number): boolean {
  return n % 3 === 1 && (n % 5 === 2 || n % 5 === 3);
}

const INDEXES: Record<string, 1 | -1>[] = [
  { u: 1, w: 1, t: -1, _id: -1 },
  { w: -1, t: 1 },
  { 'c.d': 1, 'c.e': 1, t: 1 },
  { t: 1, 'c.e': 1, w: 1 },
];

const word = fc.constantFrom<unknown>('a', 'b', 'c', 'd');
const element = fc.oneof(
  { weight: 8, arbitrary: word },
  fc.constantFrom<unknown>(null, 1, ['a'], ['a', 'b'], [], { x: 1 }),
);
const words = fc.oneof(
  { weight: 6, arbitrary: fc.array(word, { maxLength: 4 }) },
  { weight: 2, arbitrary: fc.array(element, { maxLength: 4 }) },
  element,
);
const plain = fc.constantFrom<unknown>('a', 'b', null, 1);
const inner = fc.record({ d: plain, e: plain }, { requiredKeys: [] });
const inners = fc.oneof(inner, fc.array(fc.oneof(inner, plain), { maxLength: 3 }));

function storedIn(where: 'w' | 'c' | 'both'): fc.Arbitrary<Document> {
  const shape = (w: fc.Arbitrary<unknown>, c: fc.Arbitrary<unknown>) =>
    fc.record({ u: fc.nat(1), w, c, t: fc.nat(3) }, { requiredKeys: ['u'] });
  // Two arrays in one index are refused, so one document has but one.
  switch (where) {
    case 'w':
      return shape(words, inner);
    case 'c':
      return shape(plain, inners);
    case 'both':
      return fc.oneof(shape(words, inner), shape(plain, inners));
  }
}

const points = fc.oneof<fc.Arbitrary<unknown>[]>(
  word,
  fc.array(word, { minLength: 1, maxLength: 3 }).map(($in) => ({ $in })),
  fc.array(word, { minLength: 1, maxLength: 3 }).map(($all) => ({ $all })),
);
const condition = fc.oneof<fc.Arbitrary<unknown>[]>(
  element,
  fc.array(word, { maxLength: 4 }).map(($in) => ({ $in })),
  fc.array(element, { maxLength: 3 }).map(($in) => ({ $in })),
  word.map(($ne) => ({ $ne })),
  fc.array(word, { maxLength: 2 }).map(($nin) => ({ $nin })),
  word.map(($gt) => ({ $gt })),
  fc.tuple(word, word).map(([$gte, $lt]) => ({ $gte, $lt })),
);
const onWords = fc.array(
  fc.oneof({ weight: 3, arbitrary: points }, condition).map((w) => ({ w })),
  { minLength: 1, maxLength: 3 },
);
const onUser = fc.oneof(fc.nat(1), fc.constant({ $in: [0, 1] })).map((u) => ({ u }));
const onOthers = fc.record(
  {
    t: fc.oneof(fc.nat(3), fc.record({ $gte: fc.nat(3) })),
    'c.d': condition,
    'c.e': condition,
  },
  { requiredKeys: [] },
);
const paging = fc
  .tuple(fc.nat(3), fc.nat(30))
  .map(([t, _id]) => ({ $or: [{ t: { $lt: t } }, { t, _id: { $lt: _id } }] }));

interface Query {
  readonly filter: Document;
  readonly sort: Record<string, 1 | -1>;
  readonly limit: number;
  readonly hint: Record<string, 1 | -1>;
}

const query: fc.Arbitrary<Query> = fc.record({
  filter: fc
    .tuple(
      fc.option(onUser, { nil: {}, freq: 4 }),
      fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, onOthers),
      fc.option(onWords, { nil: [], freq: 4 }),
      fc.option(paging, { nil: {}, freq: 1 }),
    )
    .map(([user, others, conditions, page]) => ({
      ...user,
      ...others,
      ...(conditions.length > 0 ? { $and: conditions } : {}),
      ...page,
    })),
  sort: fc.constantFrom<Record<string, 1 | -1>>(
    { t: -1, _id: -1 },
    { t: 1, _id: 1 },
    { w: 1, _id: 1 },
    { 'c.d': 1, t: 1, _id: 1 },
    { 'c.e': 1, t: 1, _id: 1 },
    { t: 1, 'c.e': 1, _id: -1 },
    { _id: 1 },
  ),
  limit: fc.constantFrom(0, 1, 3, 10),
  hint: fc.constantFrom(...INDEXES),
});

/** The planner's choice, any other index, and the count give what a scan gives. */
async function expectSame(
  probes: Collection<{ _id: number } & Document>,
  { filter, sort, limit, hint }: Query,
  session?: ClientSession,
): Promise<void> {
  const run = async (index?: Document) => {
    const options = { session, batchSize: 4, ...(index ? { hint: index } : {}) };
    const found = await probes.find(filter, options).sort(sort).limit(limit).toArray();
    return found.map(({ _id }) => _id);
  };
  const scanned = await run({ $natural: 1 });
  expect(await run()).toEqual(scanned);
  expect(await run(hint)).toEqual(scanned);
  const all = await probes.find(filter, { session, hint: { $natural: 1 } }).toArray();
  expect(await probes.countDocuments(filter, { session })).toBe(all.length);
}
