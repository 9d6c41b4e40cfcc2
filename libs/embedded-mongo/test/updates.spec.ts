import { Decimal128, Double, Int32, Long, type Collection, type Document } from 'mongodb';
import { TestServer } from './support/server.js';

/**
 * Expected results are those of the pages on update operators in MongoDB's manual
 * (https://www.mongodb.com/docs/manual/reference/operator/update/), typed.
 */
const i = (value: number): Int32 => new Int32(value);

describe('update operators', () => {
  const server = new TestServer();
  let items: Collection;

  beforeAll(async () => {
    await server.start();
    items = (await server.client()).db().collection('items');
  });
  afterAll(() => server.dispose());
  beforeEach(() => items.deleteMany({}));

  async function update(
    before: Document,
    change: Document,
    options: Document = {},
  ): Promise<unknown> {
    await items.insertOne({ _id: 1 as never, ...before });
    const { filter = { _id: 1 }, ...rest } = options;
    await items.updateOne(filter as Document, change, rest);
    const stored = await items.findOne({ _id: 1 as never }, { promoteValues: false });
    return Object.fromEntries(Object.entries(stored ?? {}).filter(([field]) => field !== '_id'));
  }

  it.each<[string, Document, Document, Document]>([
    [
      '$set adds and replaces',
      { a: i(1) },
      { $set: { a: i(2), 'b.c': i(3) } },
      { a: i(2), b: { c: i(3) } },
    ],
    [
      '$set of an array element',
      { a: [i(1), i(2)] },
      { $set: { 'a.1': i(9) } },
      { a: [i(1), i(9)] },
    ],
    [
      '$set beyond an array pads with null',
      { a: [] },
      { $set: { 'a.2': i(9) } },
      { a: [null, null, i(9)] },
    ],
    [
      '$set changes a type although the value is equal',
      { a: i(1) },
      { $set: { a: new Double(1) } },
      { a: new Double(1) },
    ],
    [
      '$unset removes, of an array it leaves null',
      { a: i(1), b: [i(1)] },
      { $unset: { a: '', 'b.0': '', c: '' } },
      { b: [null] },
    ],
    ['$inc keeps Int32', { a: i(1) }, { $inc: { a: i(2), b: i(5) } }, { a: i(3), b: i(5) }],
    [
      '$inc of Int32 overflows to Long',
      { a: i(2147483647) },
      { $inc: { a: i(1) } },
      { a: Long.fromNumber(2147483648) },
    ],
    [
      '$inc keeps Long',
      { a: Long.fromNumber(1) },
      { $inc: { a: i(1) } },
      { a: Long.fromNumber(2) },
    ],
    ['$inc with a double', { a: i(1) }, { $inc: { a: new Double(0.5) } }, { a: new Double(1.5) }],
    [
      '$inc of a decimal is exact',
      { a: Decimal128.fromString('0.1') },
      { $inc: { a: Decimal128.fromString('0.2') } },
      { a: Decimal128.fromString('0.3') },
    ],
    [
      '$mul multiplies, and makes a missing field zero',
      { a: i(3) },
      { $mul: { a: i(2), b: i(7) } },
      { a: i(6), b: i(0) },
    ],
    [
      '$min takes the lesser',
      { a: i(5), b: i(5) },
      { $min: { a: i(3), b: i(9) } },
      { a: i(3), b: i(5) },
    ],
    [
      '$max takes the greater, by type order too',
      { a: i(5), b: i(5) },
      { $max: { a: i(9), b: 'text' } },
      { a: i(9), b: 'text' },
    ],
    ['$rename moves', { a: i(1) }, { $rename: { a: 'b.c' } }, { b: { c: i(1) } }],
    ['$rename of a missing field does nothing', { a: i(1) }, { $rename: { x: 'y' } }, { a: i(1) }],
    [
      '$setOnInsert does nothing to a document that is there',
      { a: i(1) },
      { $setOnInsert: { b: i(1) }, $set: { c: i(1) } },
      { a: i(1), c: i(1) },
    ],
    [
      '$push appends, and creates',
      { a: [i(1)] },
      { $push: { a: i(2), b: i(3) } },
      { a: [i(1), i(2)], b: [i(3)] },
    ],
    [
      '$push $each $position',
      { a: [i(1), i(2)] },
      { $push: { a: { $each: [i(8), i(9)], $position: 1 } } },
      { a: [i(1), i(8), i(9), i(2)] },
    ],
    [
      '$push $each $sort $slice',
      { a: [{ n: i(3) }, { n: i(1) }] },
      { $push: { a: { $each: [{ n: i(2) }], $sort: { n: 1 }, $slice: -2 } } },
      { a: [{ n: i(2) }, { n: i(3) }] },
    ],
    [
      '$addToSet adds once',
      { a: [i(1)] },
      { $addToSet: { a: { $each: [i(1), i(2), i(2)] } } },
      { a: [i(1), i(2)] },
    ],
    [
      '$addToSet compares documents with the order of fields',
      { a: [{ x: i(1), y: i(2) }] },
      { $addToSet: { a: { y: i(2), x: i(1) } } },
      {
        a: [
          { x: i(1), y: i(2) },
          { y: i(2), x: i(1) },
        ],
      },
    ],
    [
      '$pop takes the last or the first',
      { a: [i(1), i(2)], b: [i(1), i(2)] },
      { $pop: { a: 1, b: -1 } },
      { a: [i(1)], b: [i(2)] },
    ],
    ['$pull by condition', { a: [i(1), i(5), i(9)] }, { $pull: { a: { $gte: 5 } } }, { a: [i(1)] }],
    [
      '$pull by fields',
      { a: [{ k: 'x', n: i(1) }, { k: 'y' }] },
      { $pull: { a: { k: 'x' } } },
      { a: [{ k: 'y' }] },
    ],
    ['$pullAll', { a: [i(1), i(2), i(1), i(3)] }, { $pullAll: { a: [i(1), i(3)] } }, { a: [i(2)] }],
    [
      '$[] changes every element',
      { a: [i(1), i(2)] },
      { $inc: { 'a.$[]': i(10) } },
      { a: [i(11), i(12)] },
    ],
  ])('%s', async (_title, before, change, after) => {
    expect(await update(before, change)).toEqual(after);
  });

  it('changes the element that the query matched by $', async () => {
    const after = await update(
      {
        a: [
          { k: 1, n: 1 },
          { k: 2, n: 1 },
        ],
      },
      { $inc: { 'a.$.n': 5 } },
      { filter: { 'a.k': 2 } },
    );
    expect(after).toEqual({
      a: [
        { k: i(1), n: i(1) },
        { k: i(2), n: i(6) },
      ],
    });
  });

  it('changes the elements that an array filter names', async () => {
    const after = await update(
      { a: [{ n: 1 }, { n: 5 }, { n: 9 }] },
      { $set: { 'a.$[big].m': true } },
      { arrayFilters: [{ 'big.n': { $gte: 5 } }] },
    );
    expect(after).toEqual({ a: [{ n: i(1) }, { n: i(5), m: true }, { n: i(9), m: true }] });
  });

  it('builds an upsert from the equalities of its filter', async () => {
    await items.updateOne(
      { 'k.x': 1, n: { $gt: 5 }, t: { $eq: 'a' } },
      { $set: { m: 1 }, $setOnInsert: { born: true } },
      { upsert: true },
    );
    expect(await items.findOne({}, { projection: { _id: 0 } })).toEqual({
      k: { x: 1 },
      t: 'a',
      born: true,
      m: 1,
    });
  });

  it('replaces a document and keeps its _id', async () => {
    expect(await update({ a: 1 }, {}, {}).catch((error: unknown) => error)).toBeInstanceOf(Error);
    await items.replaceOne({ _id: 1 as never }, { b: 2 });
    expect(await items.findOne({})).toEqual({ _id: 1, b: 2 });
  });

  it('counts as modified only what changed', async () => {
    await items.insertOne({ _id: 1 as never, a: 1 });
    expect(await items.updateOne({}, { $set: { a: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 0,
    });
    expect(await items.updateOne({}, { $set: { a: 2 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
    });
  });

  it.each<[string, Document, Document, number]>([
    ['$inc of a text', { a: 'x' }, { $inc: { a: 1 } }, 14],
    ['$inc by a text', {}, { $inc: { a: 'x' } }, 14],
    ['$inc beyond 64 bits', { a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
    ['$push onto a text', { a: 'x' }, { $push: { a: 1 } }, 2],
    ['$addToSet onto a text', { a: 'x' }, { $addToSet: { a: 1 } }, 2],
    ['$set through a text', { a: 'x' }, { $set: { 'a.b': 1 } }, 28],
    ['a change of the _id', {}, { $set: { _id: 2 } }, 66],
    ['two changes of one field', {}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    ['a change below a change', {}, { $set: { a: {}, 'a.b': 1 } }, 40],
    ['an unknown operator', {}, { $nope: { a: 1 } }, 9],
    ['an empty part of a path', {}, { $set: { 'a..b': 1 } }, 56],
    ['$ without a match in the query', { a: [1] }, { $set: { 'a.$': 1 } }, 2],
    ['$[] on what is no array', { a: 1 }, { $set: { 'a.$[]': 1 } }, 2],
    ['an array filter that is missing', { a: [1] }, { $set: { 'a.$[x]': 1 } }, 2],
    ['$bit', { a: 1 }, { $bit: { a: { and: 1 } } }, 238],
    ['a pipeline', { a: 1 }, [{ $set: { a: 1 } }] as Document, 238],
  ])('refuses %s', async (_title, before, change, code) => {
    await expect(update(before, change)).rejects.toMatchObject({ code });
    const stored = await items.findOne({}, { promoteValues: true });
    expect(stored).toMatchObject({ _id: 1 });
  });
});
