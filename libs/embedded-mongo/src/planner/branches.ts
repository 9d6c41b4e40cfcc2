import type { Index } from '../catalog/index-definition.js';
import type { Predicate } from '../evaluate/predicate.js';
import { arrayIndex } from '../evaluate/paths.js';
import type { KeyRange } from '../store/key-range.js';
import { boundsOf, intersect, type FieldBounds, type Interval } from './bounds.js';
import { indexHoldsAll } from './implication.js';

/** More ranges than these are not opened one by one: opening costs some microseconds each. */
export const MAX_RANGES = 20_000;

/** A range of an index; `offsets[n]` is where, in its keys, n fields that are all the same end. */
export interface BranchRange extends KeyRange {
  readonly offsets: readonly number[];
}

/** The bounds that a conjunction gives to an index. */
export interface Branch {
  readonly ranges: readonly BranchRange[];
  /** Predicates that every entry within the ranges satisfies. */
  readonly decided: ReadonlySet<Predicate>;
  /** For each index field: its encoded value when it is one and the same in all entries. */
  readonly constants: readonly (Buffer | undefined)[];
  readonly pointFields: number;
  readonly bounded: boolean;
}

interface Point {
  readonly key: Buffer;
  readonly offsets: readonly number[];
}

/**
 * The ranges of an index that hold an entry of every document that satisfies the predicates;
 * undefined when the index does not hold them all.
 * @param chosen the predicate that is to bound the field with arrays that it is about
 */
export function boundBranch(
  index: Index,
  given: readonly Predicate[],
  chosen?: Predicate,
): Branch | undefined {
  if (!indexHoldsAll(index, given)) return undefined;
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(index.id);
  let points: Point[] = [{ key: prefix, offsets: [prefix.length] }];
  let tail: readonly Interval[] | undefined;
  const constants: (Buffer | undefined)[] = [];
  const decided = new Set<Predicate>();
  for (let at = 0; at < index.fields.length; at++) {
    if (sharesArray(index, at)) break;
    const field = fieldBounds(index, at, given, chosen);
    if (!field) break;
    const { intervals, exact } = field.bounds;
    const allPoints = intervals.every((interval) => interval.point);
    const many = points.length * intervals.length > MAX_RANGES;
    if (many) {
      tail = enclosing(intervals);
      break;
    }
    if (exact) for (const used of field.used) decided.add(used);
    if (!allPoints) {
      tail = intervals;
      break;
    }
    constants[at] = intervals.length === 1 ? intervals[0]?.from : undefined;
    points = points.flatMap((point) => intervals.map(({ from }) => extended(point, from)));
  }
  const pointFields = constants.length;
  return {
    ranges: points.flatMap((point) => rangesBelow(point, tail)),
    decided,
    constants,
    pointFields,
    bounded: pointFields > 0 || tail !== undefined,
  };
}

/** One interval from the first to the last, for when there are too many. */
function enclosing(intervals: readonly Interval[]): Interval[] {
  const first = intervals[0];
  const last = intervals.at(-1);
  return first && last ? [{ from: first.from, to: last.to, point: false }] : [];
}

function extended({ key, offsets }: Point, value: Buffer): Point {
  const longer = Buffer.concat([key, value]);
  return { key: longer, offsets: [...offsets, longer.length] };
}

function rangesBelow({ key, offsets }: Point, tail: readonly Interval[] | undefined) {
  if (!tail) return [{ from: key, to: Buffer.concat([key, Buffer.from([0xff])]), offsets }];
  return tail.map(({ from, to }) => ({
    from: Buffer.concat([key, from]),
    to: Buffer.concat([key, to]),
    offsets,
  }));
}

/**
 * Bounds on fields below the same array may be met by different elements: only the first of them
 * may bound the scan.
 */
function sharesArray({ fields, arrays }: Index, at: number): boolean {
  if (!arrays.has(at)) return false;
  const first = fields[at]?.first;
  return fields.some((field, other) => other < at && arrays.has(other) && field.first === first);
}

interface UsedBounds {
  readonly bounds: FieldBounds;
  readonly used: readonly Predicate[];
}

function boundsOfAll(index: Index, at: number, given: readonly Predicate[]): UsedBounds[] {
  const field = index.fields[at];
  if (!field) return [];
  return given.flatMap((predicate) => {
    if (!('field' in predicate) || predicate.field !== field.field) return [];
    const bounds = boundsOf(predicate, field.descending);
    return bounds ? [{ bounds, used: [predicate] }] : [];
  });
}

function fieldBounds(
  index: Index,
  at: number,
  given: readonly Predicate[],
  chosen: Predicate | undefined,
): UsedBounds | undefined {
  const candidates = boundsOfAll(index, at, given);
  if (index.arrays.has(at)) return arrayBounds(index, at, candidates, chosen);
  const [first, ...more] = candidates;
  return (
    first &&
    more.reduce(
      (all, { bounds, used }) => ({
        bounds: intersect(all.bounds, bounds),
        used: [...all.used, ...used],
      }),
      first,
    )
  );
}

/** Two bounds on an array may be met by two elements, so one of them is taken: the narrowest. */
function arrayBounds(
  index: Index,
  at: number,
  candidates: readonly UsedBounds[],
  chosen: Predicate | undefined,
): UsedBounds | undefined {
  // In arrays of documents, a number in a path is a position and a name: entries tell one of both.
  const [, ...rest] = index.fields[at]?.path ?? [];
  if (rest.some((component) => arrayIndex(component) !== undefined)) return undefined;
  const breadth = ({ bounds, used }: UsedBounds) =>
    chosen && used.includes(chosen)
      ? -1
      : bounds.intervals.every((interval) => interval.point)
        ? bounds.intervals.length
        : Infinity;
  const [best, ...others] = candidates;
  const taken =
    best &&
    others.reduce((least, other) => (breadth(other) < breadth(least) ? other : least), best);
  if (!taken) return undefined;
  const exact = taken.used.every(isDecidedByElement);
  return { ...taken, bounds: { ...taken.bounds, exact } };
}

/**
 * Whether an entry of an array's element proves that the document matches, and every match has such
 * an entry. Null is in the index where an element lacks the field, which is no match.
 */
function isDecidedByElement(predicate: Predicate): boolean {
  if (predicate.kind === 'compare') return predicate.op === 'eq' && predicate.value !== null;
  return predicate.kind === 'in' && !predicate.values.includes(null);
}

/** The predicates that would each bound the field at `at`, which may hold arrays, by points alone. */
export function pointPredicates(
  index: Index,
  at: number,
  given: readonly Predicate[],
): readonly Predicate[] {
  return boundsOfAll(index, at, given)
    .flatMap(({ bounds, used }) =>
      bounds.intervals.every((interval) => interval.point) ? used : [],
    )
    .filter(isDecidedByElement);
}

/** Sorts ranges in index order, and joins those that overlap or follow each other closely. */
export function orderRanges(ranges: readonly BranchRange[]): BranchRange[] {
  const sorted = [...ranges].sort((a, b) => Buffer.compare(a.from, b.from));
  const joined: BranchRange[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (!last || Buffer.compare(last.to, range.from) < 0) joined.push(range);
    else {
      const to = Buffer.compare(last.to, range.to) < 0 ? range.to : last.to;
      joined[joined.length - 1] = { from: last.from, to, offsets: commonOffsets(last, range) };
    }
  }
  return joined;
}

function commonOffsets(a: BranchRange, b: BranchRange): number[] {
  return a.offsets.filter(
    (offset, at) =>
      b.offsets[at] === offset && a.from.subarray(0, offset).equals(b.from.subarray(0, offset)),
  );
}
