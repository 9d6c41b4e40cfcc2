import type { Index } from '../catalog/index-definition.js';
import type { SortField } from '../evaluate/sort.js';
import type { Predicate } from '../evaluate/predicate.js';
import type { KeyRange } from '../store/key-range.js';
import { boundsOf, intersect, type FieldBounds, type Interval } from './bounds.js';
import { conjuncts, indexHoldsAll } from './implication.js';

/** A range of an index; for a merge, how many bytes its entries have in common. */
export interface PlannedRange extends KeyRange {
  readonly prefixLength: number;
}

export interface IndexPlan {
  readonly kind: 'index';
  readonly index: Index;
  /** In index order, not overlapping. */
  readonly ranges: readonly PlannedRange[];
  readonly backward: boolean;
  /** The entries come in the order that was asked for. */
  readonly sorted: boolean;
  /** The order is only found by merging the ranges by what follows their prefixes. */
  readonly merge: boolean;
  /** The index decided the match: documents need not be looked into. */
  readonly exact: boolean;
  readonly score: number;
}

export type Plan =
  IndexPlan | { readonly kind: 'scan'; readonly backward: boolean; readonly sorted: boolean };

export interface PlanRequest {
  readonly indexes: readonly Index[];
  readonly predicate: Predicate;
  readonly sort: readonly SortField[];
  /** An index by name, or `$natural` with its direction. */
  readonly hint?: Index | { readonly natural: 1 | -1 };
}

const MAX_RANGES = 1000;
const MAX_MERGED_RANGES = 200;
const MAX_BRANCHES = 64;

interface Branch {
  readonly ranges: readonly PlannedRange[];
  readonly exact: boolean;
  /** For each index field: its encoded value when it is one and the same in all entries. */
  readonly constants: readonly (Buffer | undefined)[];
  readonly pointFields: number;
  readonly bounded: boolean;
}

/** Chooses how to find what satisfies the predicate. */
export function choosePlan(request: PlanRequest): Plan {
  const { hint, sort } = request;
  const scan: Plan = {
    kind: 'scan',
    backward: hint !== undefined && 'natural' in hint && hint.natural < 0,
    sorted: sort.length === 0,
  };
  if (hint && 'natural' in hint) return scan;
  const alternatives = branchesOf(request.predicate);
  let best: IndexPlan | undefined;
  for (const index of hint ? [hint] : request.indexes) {
    for (const branches of alternatives) {
      const plan = indexPlan(index, branches, sort);
      if (plan && (!best || plan.score > best.score)) best = plan;
    }
  }
  if (best && (hint || best.score > 0)) return best;
  return scan;
}

/** The predicate as a disjunction of conjunctions: as it is, and with each `$or` opened. */
function branchesOf(predicate: Predicate): (readonly Predicate[])[][] {
  const given = conjuncts(predicate);
  const alternatives: (readonly Predicate[])[][] = [[given]];
  for (const choice of given) {
    if (choice.kind !== 'or' || choice.children.length > MAX_BRANCHES) continue;
    const others = given.filter((other) => other !== choice);
    alternatives.push(choice.children.map((child) => [...others, ...conjuncts(child)]));
  }
  return alternatives;
}

function indexPlan(
  index: Index,
  alternatives: readonly (readonly Predicate[])[],
  sort: readonly SortField[],
): IndexPlan | undefined {
  const branches: Branch[] = [];
  for (const given of alternatives) {
    if (!indexHoldsAll(index, given)) return undefined;
    const branch = boundBranch(index, given);
    // One branch without bounds reads the whole index: the `$or` then gains nothing.
    if (!branch || (alternatives.length > 1 && !branch.bounded)) return undefined;
    branches.push(branch);
  }
  const ranges = orderRanges(branches.flatMap((branch) => branch.ranges));
  if (!ranges || ranges.length > MAX_RANGES) return undefined;
  const order = sortOrder(index, branches, ranges, sort);
  const bounded = branches.every((branch) => branch.bounded);
  const exact = !index.multikey && branches.every((branch) => branch.exact);
  const points = Math.min(...branches.map((branch) => branch.pointFields));
  const sortedByIndex = order !== undefined && sort.length > 0;
  if (!bounded && !sortedByIndex) return wholeIndex(index, ranges);
  return {
    kind: 'index',
    index,
    ranges,
    backward: order?.backward ?? false,
    sorted: order !== undefined || sort.length === 0,
    merge: order?.merge ?? false,
    exact,
    score: score(index, points, bounded, exact, sortedByIndex),
  };
}

/** A plan that only a hint can choose. */
function wholeIndex(index: Index, ranges: readonly PlannedRange[]): IndexPlan {
  return {
    kind: 'index',
    index,
    ranges,
    backward: false,
    sorted: false,
    merge: false,
    exact: false,
    score: 0,
  };
}

function score(
  index: Index,
  points: number,
  bounded: boolean,
  exact: boolean,
  sortedByIndex: boolean,
): number {
  if (index.unique && points === index.fields.length) return 1000;
  const shorter = 1 / (1 + index.fields.length);
  return points * 10 + (bounded ? 5 : 1) + (exact ? 3 : 0) + (sortedByIndex ? 12 : 0) + shorter;
}

/** The ranges of an index that hold all entries satisfying the predicates. */
function boundBranch(index: Index, given: readonly Predicate[]): Branch | undefined {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(index.id);
  let points: Buffer[] = [prefix];
  let tail: readonly Interval[] | undefined;
  let exact = true;
  let pointFields = 0;
  const constants: (Buffer | undefined)[] = [];
  const used = new Set<Predicate>();
  for (let at = 0; at < index.fields.length; at++) {
    if (index.multikey && sharesArray(index, at)) break;
    const bounds = fieldBounds(index, at, given, used);
    if (!bounds) break;
    exact &&= bounds.exact;
    const [only] = bounds.intervals;
    const allPoints = bounds.intervals.every((interval) => interval.point);
    if (!allPoints || points.length * bounds.intervals.length > MAX_RANGES) {
      tail = bounds.intervals;
      if (allPoints) exact = false;
      break;
    }
    constants[at] = bounds.intervals.length === 1 ? only?.from : undefined;
    points = points.flatMap((point) =>
      bounds.intervals.map((interval) => Buffer.concat([point, interval.from])),
    );
    pointFields++;
  }
  const ranges = points.flatMap((point) => rangesBelow(point, tail));
  return {
    ranges,
    exact: exact && given.every((predicate) => used.has(predicate)),
    constants,
    pointFields,
    bounded: pointFields > 0 || tail !== undefined,
  };
}

function rangesBelow(prefix: Buffer, tail: readonly Interval[] | undefined): PlannedRange[] {
  if (!tail) {
    const to = Buffer.concat([prefix, Buffer.from([0xff])]);
    return [{ from: prefix, to, prefixLength: prefix.length }];
  }
  return tail.map((interval) => ({
    from: Buffer.concat([prefix, interval.from]),
    to: Buffer.concat([prefix, interval.to]),
    prefixLength: prefix.length,
  }));
}

/**
 * In a multikey index, bounds on fields below the same array may be met by different elements:
 * only the first of them may bound the scan.
 */
function sharesArray(index: Index, at: number): boolean {
  const first = index.fields[at]?.first;
  return index.fields.slice(0, at).some((field) => field.first === first);
}

function fieldBounds(
  index: Index,
  at: number,
  given: readonly Predicate[],
  used: Set<Predicate>,
): FieldBounds | undefined {
  const field = index.fields[at];
  if (!field) return undefined;
  let result: FieldBounds | undefined;
  for (const predicate of given) {
    if (!('field' in predicate) || predicate.field !== field.field) continue;
    const bounds = boundsOf(predicate, field.descending);
    if (!bounds) continue;
    // Two bounds on an array may be met by two elements, so a multikey index takes one of them.
    if (result && index.multikey) continue;
    used.add(predicate);
    result = result ? intersect(result, bounds) : bounds;
  }
  return result;
}

/** Sorts the ranges in index order; undefined when they overlap in a way that cannot be joined. */
function orderRanges(ranges: readonly PlannedRange[]): PlannedRange[] | undefined {
  const sorted = [...ranges].sort((a, b) => Buffer.compare(a.from, b.from));
  const joined: PlannedRange[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (!last || Buffer.compare(last.to, range.from) <= 0) joined.push(range);
    else if (Buffer.compare(last.to, range.to) < 0) {
      const prefixLength = Math.min(last.prefixLength, range.prefixLength);
      joined[joined.length - 1] = { from: last.from, to: range.to, prefixLength };
    }
  }
  return joined;
}

interface Order {
  readonly backward: boolean;
  readonly merge: boolean;
}

/** How the index gives the sort order, if it does; a multikey index never does. */
function sortOrder(
  index: Index,
  branches: readonly Branch[],
  ranges: readonly PlannedRange[],
  sort: readonly SortField[],
): Order | undefined {
  if (sort.length === 0) return { backward: false, merge: false };
  if (index.multikey) return undefined;
  const constant = index.fields.map((_, at) => sameInAll(branches, at));
  const wanted = sort.filter(({ field }) => {
    const at = index.fields.findIndex((candidate) => candidate.field === field);
    return at < 0 || !constant[at];
  });
  const direct = directionAfter(index, constant, 0, wanted);
  if (direct !== undefined) return { backward: direct, merge: false };
  // Several values of the prefix: each range is in order, and they are merged.
  const [branch] = branches;
  if (branches.length !== 1 || !branch || ranges.length > MAX_MERGED_RANGES) return undefined;
  const merged = directionAfter(index, constant, branch.pointFields, wanted);
  return merged === undefined ? undefined : { backward: merged, merge: true };
}

function sameInAll(branches: readonly Branch[], at: number): boolean {
  const value = branches[0]?.constants[at];
  return (
    value !== undefined && branches.every((branch) => branch.constants[at]?.equals(value) === true)
  );
}

/** Whether walking the index backwards gives the order; undefined when neither way does. */
function directionAfter(
  index: Index,
  constant: readonly boolean[],
  start: number,
  wanted: readonly SortField[],
): boolean | undefined {
  let backward: boolean | undefined;
  let at = start;
  for (const { field, descending } of wanted) {
    while (constant[at]) at++;
    const indexed = index.fields[at++];
    if (indexed?.field !== field) return undefined;
    const opposite = indexed.descending !== descending;
    if (backward !== undefined && backward !== opposite) return undefined;
    backward = opposite;
  }
  return backward ?? false;
}
