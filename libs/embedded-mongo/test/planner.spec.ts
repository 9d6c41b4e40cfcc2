import fc from 'fast-check';
import { ObjectId, type Collection, type Db, type Document, type Filter } from 'mongodb';
import { TestServer } from './support/server.js';

interface Explained {
  readonly index: string | undefined;
  readonly stages: string[];
  readonly keys: number;
  readonly docs: number;
  readonly returned: number;
}

interface StageAnswer {
  readonly stage: string;
  readonly indexName?: string;
  readonly inputStage?: StageAnswer;
}

async function explain(cursor: { explain: (v: string) => Promise<Document> }): Promise<Explained> {
  const answer = await cursor.explain('executionStats');
  const planner = answer.queryPlanner as { winningPlan: StageAnswer };
  const stages: string[] = [];
  let index: string | undefined;
  for (let at: StageAnswer | undefined = planner.winningPlan; at; at = at.inputStage) {
    stages.push(at.stage);
    index = at.indexName ?? index;
  }
  const stats = answer.executionStats as Record<string, number>;
  return {
    index,
    stages,
    keys: stats.totalKeysExamined!,
    docs: stats.totalDocsExamined!,
    returned: stats.nReturned!,
  };
}

describe('the planner', () => {
  const server = new TestServer();
  let db: Db;
  let items: Collection;

  beforeAll(async () => {
    await server.start();
    db = (await server.client()).db();
    items = db.collection('items');
    await items.createIndexes([
      { key: { user: 1, deleted: 1, at: -1, _id: -1 }, name: 'activity' },
      { key: { tags: 1, n: 1 }, name: 'tags' },
      { key: { email: 1 }, name: 'email', unique: true, sparse: true },
      { key: { n: 1 }, name: 'live', partialFilterExpression: { deleted: false } },
      { key: { name: 1, n: -1 }, name: 'name' },
    ]);
    await items.insertMany(
      Array.from({ length: 400 }, (_, n) => ({
        user: `u${n % 4}`,
        deleted: n % 5 === 0,
        at: new Date(Math.floor(n / 8) * 1000),
        n: n % 50,
        tags: [`t${n % 7}`, `t${n % 3}`],
        name: `name${n % 20}`,
        ...(n % 2 === 0 ? { email: `e${n}` } : {}),
      })),
    );
  });
  afterAll(() => server.dispose());

  it.each<[string, Filter<Document>, Document, number, string, number]>([
    [
      'equality prefix and sort',
      { user: 'u1', deleted: false },
      { at: -1, _id: -1 },
      10,
      'activity',
      10,
    ],
    ['the same backwards', { user: 'u1', deleted: false }, { at: 1, _id: 1 }, 10, 'activity', 10],
    [
      'a range on the sort field',
      { user: 'u1', deleted: false, at: { $lt: new Date(20_000) } },
      { at: -1 },
      5,
      'activity',
      5,
    ],
    [
      '$in before the sort, merged',
      { user: { $in: ['u1', 'u2'] }, deleted: false },
      { at: -1, _id: -1 },
      10,
      'activity',
      12,
    ],
    ['a point in a sparse unique index', { email: 'e4' }, {}, 0, 'email', 1],
    ['a partial index whose filter is implied', { n: 7, deleted: false }, {}, 0, 'live', 8],
    ['a prefix of a text', { name: /^name1/ }, {}, 0, 'name', 220],
    ['mixed directions', { name: 'name3' }, { n: -1 }, 3, 'name', 3],
    ['_id', { _id: new ObjectId() }, {}, 0, '_id_', 0],
  ])('serves %s from an index', async (_title, filter, sort, limit, index, keys) => {
    const plan = await explain(items.find(filter).sort(sort).limit(limit));
    expect(plan.index).toBe(index);
    expect(plan.stages).not.toContain('SORT');
    expect(plan.stages).not.toContain('COLLSCAN');
    expect(plan.keys).toBeLessThanOrEqual(keys);
  });

  it('reads a page at any depth with as many keys as it returns', async () => {
    const live = { user: 'u1', deleted: false };
    const all = await items.find(live).sort({ at: -1, _id: -1 }).toArray();
    for (const depth of [0, 10, 60]) {
      const last = all[depth]!;
      const page = items
        .find({
          ...live,
          $or: [{ at: { $lt: last.at as Date } }, { at: last.at as Date, _id: { $lt: last._id } }],
        })
        .sort({ at: -1, _id: -1 })
        .limit(5);
      const plan = await explain(page.clone());
      expect(plan).toMatchObject({ index: 'activity', keys: 5, docs: 5, returned: 5 });
      expect(plan.stages).not.toContain('SORT');
      const found = await page.toArray();
      expect(found.map(({ _id }) => _id)).toEqual(
        all.slice(depth + 1, depth + 6).map(({ _id }) => _id),
      );
    }
  });

  it('does not sort by a multikey index', async () => {
    const plan = await explain(items.find({ tags: { $gte: 't2' } }).sort({ tags: 1 }));
    expect(plan.stages).toContain('SORT');
  });

  it('does not use a sparse or partial index for queries it cannot answer', async () => {
    expect((await explain(items.find({ email: null }))).stages).toContain('COLLSCAN');
    expect((await explain(items.find({ n: 7 }))).stages).toContain('COLLSCAN');
  });

  it('follows a hint and refuses one that names no index', async () => {
    expect((await explain(items.find({ user: 'u1' }).hint('name'))).index).toBe('name');
    expect((await explain(items.find({ user: 'u1' }).hint({ $natural: 1 }))).stages).toContain(
      'COLLSCAN',
    );
    await expect(items.find({}).hint('nope').toArray()).rejects.toMatchObject({ code: 2 });
  });

  it('finds with any index exactly what a scan of the collection finds', async () => {
    const probes = db.collection('probes');
    await probes.createIndexes([
      { key: { a: 1, b: -1 } },
      { key: { b: 1 }, sparse: true },
      { key: { 'c.d': 1, a: 1 } },
      { key: { a: -1 }, name: 'live', partialFilterExpression: { b: { $gt: 1 } } },
    ]);
    const scalar = fc.constantFrom<unknown>(null, 0, 1, 2, 2.5, NaN, 'x', 'y', true, new Date(5));
    const field = fc.oneof({ weight: 4, arbitrary: scalar }, fc.array(scalar, { maxLength: 2 }));
    const inner = fc.record({ d: field }, { requiredKeys: [] });
    const stored = fc.record(
      { a: field, b: field, c: fc.oneof(inner, fc.array(inner, { maxLength: 2 })) },
      { requiredKeys: [] },
    );
    const operator = fc.oneof(
      scalar,
      fc
        .record({ $gt: scalar, $lte: scalar }, { requiredKeys: [] })
        .filter((o) => Object.keys(o).length > 0),
      fc.array(scalar, { maxLength: 3 }).map(($in) => ({ $in })),
      fc.boolean().map(($exists) => ({ $exists })),
      scalar.map(($ne) => ({ $ne })),
    );
    const simple = fc
      .record({ a: operator, b: operator, 'c.d': operator }, { requiredKeys: [] })
      .map((filter) => filter as Filter<Document>);
    const filter = fc.oneof(
      simple,
      fc
        .tuple(simple, fc.array(simple, { minLength: 1, maxLength: 3 }))
        .map(([base, $or]) => ({ ...base, $or })),
    );
    const sort = fc.constantFrom<Document>({}, { a: 1 }, { a: -1, b: 1 }, { b: 1 }, { 'c.d': -1 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(stored, { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(filter, sort), { minLength: 5, maxLength: 5 }),
        async (documents, queries) => {
          await probes.deleteMany({});
          for (const [_id, document] of documents.entries()) {
            await probes.insertOne({ ...document, _id: _id as never }).catch((error: unknown) => {
              // Two arrays in one compound index are refused, as MongoDB does.
              expect(error).toMatchObject({ code: 171 });
            });
          }
          for (const [query, order] of queries) {
            const ids = async (cursor: ReturnType<typeof probes.find>) =>
              (await cursor.toArray())
                .map(({ _id }) => _id as unknown as number)
                .sort((x, y) => x - y);
            const byIndex = await ids(probes.find(query).sort(order));
            const byScan = await ids(probes.find(query).hint({ $natural: 1 }));
            expect(byIndex).toEqual(byScan);
            expect(await probes.countDocuments(query)).toBe(byScan.length);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
