import fc from 'fast-check';
import { PendingList, type PendingEntries } from './pending-entries.js';

const key = fc
  .tuple(fc.constantFrom('a', 'b', 'ba', 'c'), fc.nat(40))
  .map(([word, rid]) => `${word}${String(rid).padStart(8, '0')}`);

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), keys: fc.uniqueArray(key, { maxLength: 12 }) }),
  fc.record({ kind: fc.constant('remove' as const), keys: fc.uniqueArray(key, { maxLength: 12 }) }),
  fc.record({ kind: fc.constant('take' as const), count: fc.nat(15) }),
);

const ranges = ['', 'a', 'b', 'b00000020', 'ba', 'c', 'd'];

/** Everything that can be asked of pending entries, as a plain sorted list of keys would answer. */
function expectToHold(pending: PendingEntries, model: ReadonlySet<string>): void {
  const sorted = [...model].sort();
  expect(pending.isEmpty).toBe(sorted.length === 0);
  for (const from of ranges) {
    for (const to of ranges) {
      const within = sorted.filter((each) => each >= from && each < to);
      expect(pending.countBetween(from, to)).toBe(within.length);
      for (const limit of [1, 3, 1000]) {
        expect(pending.between(from, to, false, limit)).toEqual(within.slice(0, limit));
        expect(pending.between(from, to, true, limit)).toEqual(
          [...within].reverse().slice(0, limit),
        );
      }
    }
  }
}

describe('the list of pending index entries', () => {
  it('holds what was added, neither removed nor taken; what was seen before stays as it was', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const list = new PendingList();
        const model = new Set<string>();
        const index = new Set<string>();
        const seen: { entries: PendingEntries; model: ReadonlySet<string> }[] = [];
        for (const each of steps) {
          seen.push({ entries: list.entries, model: new Set(model) });
          switch (each.kind) {
            case 'add': {
              const fresh = each.keys.filter((one) => !model.has(one) && !index.has(one));
              list.add(fresh);
              for (const one of fresh) model.add(one);
              break;
            }
            case 'remove': {
              const rest = each.keys.filter((one) => !model.has(one));
              expect([...list.remove(each.keys)].sort()).toEqual(rest.sort());
              for (const one of each.keys) if (!model.delete(one)) index.delete(one);
              break;
            }
            case 'take': {
              if (!list.isDraining) list.drain();
              const taken = list.take(each.count);
              expect([...taken].sort()).toEqual(taken);
              for (const one of taken) {
                expect(model.delete(one)).toBe(true);
                index.add(one);
              }
              break;
            }
          }
          expectToHold(list.entries, model);
        }
        for (const { entries, model: then } of seen) expectToHold(entries, then);
      }),
      { numRuns: 60 },
    );
  });

  it('is empty when as many were taken as were gathered', () => {
    const list = new PendingList();
    for (let i = 0; i < 100; i += 1) list.add([`a${i}`, `b${i}`, `c${i}`]);
    expect(list.gatheredCount).toBe(300);
    list.drain();
    list.add(['d']);
    const taken: string[] = [];
    while (list.isDraining) taken.push(...list.take(7));
    expect(taken).toHaveLength(300);
    expect(taken).toEqual([...taken].sort());
    expect(list.gatheredCount).toBe(1);
  });
});
