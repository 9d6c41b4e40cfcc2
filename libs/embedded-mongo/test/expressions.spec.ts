import { Int32, Long, type Collection, type Document } from 'mongodb';
import { TestServer } from './support/server.js';

/** Expected results are those of MongoDB's manual on aggregation expressions. */
describe('expressions', () => {
  const server = new TestServer();
  let items: Collection;

  beforeAll(async () => {
    await server.start();
    items = (await server.client()).db().collection('items');
    await items.insertOne({
      text: ' a-b-$c ',
      at: new Date('2026-03-05T13:14:15.678Z'),
      n: 2,
      long: Long.fromNumber(2),
      list: [1, 2],
      none: null,
    });
  });
  afterAll(() => server.dispose());

  it.each<[string, unknown, unknown]>([
    ['$concat', { $concat: ['$text', '!'] }, ' a-b-$c !'],
    ['$add of types', { $add: ['$n', '$long'] }, Long.fromNumber(4)],
    ['$subtract', { $subtract: ['$n', 5] }, new Int32(-3)],
    ['$cond', { $cond: { if: { $gt: ['$n', 1] }, then: 'y', else: 'n' } }, 'y'],
    ['$ifNull', { $ifNull: ['$none', '$absent', 'z'] }, 'z'],
    ['$size', { $size: '$list' }, new Int32(2)],
    ['$arrayElemAt', { $arrayElemAt: ['$list', -1] }, new Int32(2)],
    [
      '$concatArrays',
      { $concatArrays: ['$list', [3]] },
      [new Int32(1), new Int32(2), new Int32(3)],
    ],
    ['$in', { $in: [2, '$list'] }, true],
    ['$trim', { $trim: { input: '$text' } }, 'a-b-$c'],
    ['$split', { $split: [{ $trim: { input: '$text' } }, '-'] }, ['a', 'b', '$c']],
    [
      '$replaceAll',
      { $replaceAll: { input: '$text', find: '-', replacement: { $literal: '$&' } } },
      ' a$&b$&$c ',
    ],
    ['$substrCP', { $substrCP: ['$text', 1, 3] }, 'a-b'],
    ['$year', { $year: '$at' }, new Int32(2026)],
    ['$month', { $month: '$at' }, new Int32(3)],
    ['$hour', { $hour: '$at' }, new Int32(13)],
    ['$dayOfWeek', { $dayOfWeek: '$at' }, new Int32(5)],
    ['$dateTrunc', { $dateTrunc: { date: '$at', unit: 'day' } }, new Date('2026-03-05T00:00:00Z')],
    [
      '$dateToString',
      { $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M:%S.%L' } },
      '2026-03-05 13:14:15.678',
    ],
    ['a date operator on null', { $year: '$none' }, null],
  ])('%s', async (_title, expression, expected) => {
    const [result] = await items
      .aggregate([{ $project: { _id: 0, r: expression } }] as Document[], { promoteValues: false })
      .toArray();
    expect(result).toEqual({ r: expected });
  });

  it.each<[string, unknown, number]>([
    ['a time zone', { $year: { date: '$at', timezone: 'Europe/Berlin' } }, 238],
    ['a Long where mingo would round', { $substrCP: ['$text', '$long', 1] }, 238],
    ['a number in $concat', { $concat: ['$n'] }, 14],
    ['two operators', { $add: [1], $concat: ['a'] }, 9],
    ['a variable', '$$NOW', 238],
  ])('refuse %s', async (_title, expression, code) => {
    await expect(
      items.aggregate([{ $project: { r: expression } }] as Document[]).toArray(),
    ).rejects.toMatchObject({ code });
  });
});
