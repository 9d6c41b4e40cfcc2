import fc from 'fast-check';
import { Doc, doc, Int32, type Value } from '../bson/values.js';
import { indexFromSpec, type Index } from '../catalog/index-definition.js';
import { parseFilter } from '../evaluate/filter-parser.js';
import { parseSort } from '../evaluate/sort.js';
import { choosePlan, type Plan, type PlanRequest } from './plan.js';

const FIELDS = ['a', 'b', 'c', 'd'] as const;

const field = fc.constantFrom(...FIELDS);
const way = fc.constantFrom(1, -1).map((one) => new Int32(one));
const keys = fc
  .uniqueArray(fc.tuple(field, way), { selector: ([name]) => name, minLength: 1 })
  .map((entries) => new Doc(entries));
const number = fc.nat(5).map((n): Value => new Int32(n));
const condition: fc.Arbitrary<Value> = fc.oneof(
  number,
  fc.constant(null),
  fc.array(number, { maxLength: 3 }).map((values) => doc({ $in: values })),
  number.map((value) => doc({ $gt: value })),
  number.map((value) => doc({ $ne: value })),
  fc.array(number, { minLength: 2, maxLength: 2 }).map((values) => doc({ $all: values })),
);
const conditions = fc
  .uniqueArray(fc.tuple(field, condition), { selector: ([name]) => name })
  .map((entries) => new Doc(entries));
const filters = fc
  .tuple(conditions, fc.array(conditions, { maxLength: 2 }))
  .map(([given, or]) => (or.length === 0 ? given : new Doc([...given, ['$or', or]])));
const sorts = fc.uniqueArray(fc.tuple(field, way), { selector: ([name]) => name, maxLength: 2 });

const rarely = fc.nat(4).map((n) => n === 0);
const indexes = fc
  .array(
    fc.record({
      key: keys,
      unique: rarely,
      sparse: rarely,
      partial: fc.oneof({ arbitrary: fc.constant(null), weight: 4 }, conditions),
      arrays: fc.subarray([0, 1, 2, 3]),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((specs) =>
    specs.map(({ key, unique, sparse, partial, arrays }, at): Index => {
      const spec = new Doc([
        ['key', key],
        ['name', `index ${at}`],
        ['unique', unique],
        ['sparse', sparse],
        ...(partial === null ? [] : [['partialFilterExpression', partial] as const]),
      ]);
      const bits = arrays.filter((n) => n < key.size).reduce((sum, n) => sum + 2 ** (n + 1), 0);
      return indexFromSpec(at + 1, spec, bits);
    }),
  );

/** The first of the best, each index planned for by itself. */
function bestOfAll(request: PlanRequest): Plan {
  let best = choosePlan({ ...request, indexes: [] });
  for (const index of request.indexes) {
    const plan = choosePlan({ ...request, indexes: [index] });
    if (plan.kind === 'scan') continue;
    if (best.kind === 'scan' || plan.score > best.score) best = plan;
  }
  return best;
}

describe('the choice of a plan', () => {
  it('is the best of all indexes, whichever of them are passed over early', () => {
    fc.assert(
      fc.property(indexes, filters, sorts, (given, filter, sort) => {
        const request: PlanRequest = {
          indexes: given,
          predicate: parseFilter(filter),
          sort: parseSort(new Doc(sort)),
        };
        expect(choosePlan(request)).toEqual(bestOfAll(request));
      }),
      { numRuns: 3000 },
    );
  });
});
