import type { Index } from '../catalog/index-definition.js';
import type { SortField } from '../evaluate/sort.js';
import type { Predicate } from '../evaluate/predicate.js';
import type { KeyRange } from '../store/key-range.js';
import {
  boundBranch,
  MAX_RANGES,
  orderRanges,
  pointPredicates,
  type Branch,
  type BranchRange,
} from './branches.js';
import { conjuncts } from './implication.js';
import { constantFields, sortOrder, type Order } from './order.js';

/** A range of an index; for a merge, how many bytes its entries have in common. */
export interface PlannedRange extends KeyRange {
  readonly prefixLength: number;
}

export interface IndexPlan {
  readonly kind: 'index';
  readonly index: Index;
  /** In index order, not overlapping. */
  readonly ranges: readonly PlannedRange[];
  /**
   * Further sets of ranges: a match has an entry in each set. Like the entries of a merge, those of
   * one document are the same in what follows the prefixes.
   */
  readonly intersected: readonly (readonly PlannedRange[])[];
  readonly backward: boolean;
  /** The entries come in the order that was asked for. */
  readonly sorted: boolean;
  /** The order is only found by merging the ranges by what follows their prefixes. */
  readonly merge: boolean;
  /** The index decided the match: documents need not be looked into. */
  readonly exact: boolean;
  /** A document may have several entries within the ranges. */
  readonly repeats: boolean;
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

const MAX_BRANCHES = 64;
/** Each set of ranges that is intersected costs a seek a step; more conditions rarely help. */
const MAX_INTERSECTED = 16;

/** The predicate as a disjunction of conjunctions. */
type Alternatives = readonly (readonly Predicate[])[];

/** Chooses how to find what satisfies the predicate. */
export function choosePlan(request: PlanRequest): Plan {
  const { hint, sort } = request;
  const scan: Plan = {
    kind: 'scan',
    backward: hint !== undefined && 'natural' in hint && hint.natural < 0,
    sorted: sort.length === 0,
  };
  if (hint && 'natural' in hint) return scan;
  const choices = alternativesOf(request.predicate);
  const named = choices.map(fieldsOf);
  let best: IndexPlan | undefined;
  for (const index of hint ? [hint] : request.indexes) {
    for (const [at, alternatives] of choices.entries()) {
      // Bounding an index costs some microseconds, which most of them are not worth.
      if (best && mostOf(index, named[at], sort) <= best.score) continue;
      const plan = indexPlan(index, alternatives, sort);
      if (plan && (!best || plan.score > best.score)) best = plan;
    }
  }
  if (best && (hint || best.score > 0)) return best;
  return scan;
}

/** The predicate as it is, and with each `$or` opened. */
function alternativesOf(predicate: Predicate): Alternatives[] {
  const given = conjuncts(predicate);
  const alternatives: Alternatives[] = [[given]];
  for (const choice of given) {
    if (choice.kind !== 'or' || choice.children.length > MAX_BRANCHES) continue;
    const others = given.filter((other) => other !== choice);
    alternatives.push(choice.children.map((child) => [...others, ...conjuncts(child)]));
  }
  return alternatives;
}

/** Every field that any of the alternatives says something about. */
function fieldsOf(alternatives: Alternatives): ReadonlySet<string> {
  return new Set(
    alternatives.flat().flatMap((predicate) => ('field' in predicate ? [predicate.field] : [])),
  );
}

/** The branches of all alternatives; undefined when the index cannot serve one of them. */
function branchesOf(
  index: Index,
  alternatives: Alternatives,
  chosen?: Predicate,
): Branch[] | undefined {
  const branches: Branch[] = [];
  for (const given of alternatives) {
    const branch = boundBranch(index, given, chosen);
    // One branch without bounds reads the whole index: the `$or` then gains nothing.
    if (!branch || (alternatives.length > 1 && !branch.bounded)) return undefined;
    branches.push(branch);
  }
  return branches;
}

function rangesOf(branches: readonly Branch[]): BranchRange[] | undefined {
  const ranges = orderRanges(branches.flatMap((branch) => branch.ranges));
  return ranges.length > MAX_RANGES ? undefined : ranges;
}

function planned(ranges: readonly BranchRange[], fields: number): PlannedRange[] {
  return ranges.map(({ from, to, offsets }) => ({ from, to, prefixLength: offsets[fields] ?? 0 }));
}

function indexPlan(
  index: Index,
  alternatives: Alternatives,
  sort: readonly SortField[],
): IndexPlan | undefined {
  const plain = branchesOf(index, alternatives);
  const ranges = plain && rangesOf(plain);
  if (!ranges) return undefined;
  const crossed = intersection(index, alternatives, plain);
  // Read as a whole, the sets of an intersection are bounded in the same way but in one field.
  const branches = crossed?.sets[0]?.branches ?? plain;
  const sets = crossed ? crossed.sets.map((set) => set.ranges) : [ranges];
  const constant = constantFields(index, branches);
  const order = orderOf(index, constant, sets, sort, crossed);
  const sorted = sort.length === 0 || order !== undefined;
  const sortedByIndex = sorted && sort.length > 0;
  const bounded = branches.every((branch) => branch.bounded);
  const exact = alternatives.every((given, at) =>
    given.every((predicate) => isDecided(predicate, at, crossed?.sets ?? [{ branches }])),
  );
  const after = order?.mergeAfter ?? (crossed ? crossed.field + 1 : 0);
  const [first = [], ...intersected] = sets.map((set) => planned(set, after));
  const points = Math.min(...branches.map((branch) => branch.pointFields));
  const gain = crossed ? INTERSECTION : 0;
  return {
    kind: 'index',
    index,
    ranges: first,
    intersected,
    backward: order?.backward ?? false,
    sorted,
    merge: sortedByIndex && after > 0,
    exact,
    repeats: index.fields.some((_, at) => index.arrays.has(at) && !constant[at]),
    // A whole index that gives no order is for a hint alone.
    score:
      bounded || sortedByIndex ? gain + score(index, points, bounded, exact, sortedByIndex) : 0,
  };
}

/** Whether every entry of a branch, in one of the intersected sets, proves the predicate. */
function isDecided(
  predicate: Predicate,
  branch: number,
  sets: readonly { readonly branches: readonly Branch[] }[],
): boolean {
  return sets.some(({ branches }) => branches[branch]?.decided.has(predicate) === true);
}

function orderOf(
  index: Index,
  constant: readonly boolean[],
  sets: readonly (readonly BranchRange[])[],
  sort: readonly SortField[],
  crossed: Intersection | undefined,
): Order | undefined {
  if (!crossed) return sortOrder(index, constant, sets.flat(), sort);
  // The sets differ in the field with arrays: the order is that of what follows it.
  const after = crossed.field + 1;
  const same = constant.map((constantHere, at) => constantHere && at !== crossed.field);
  const order = sortOrder(index, same, sets.flat(), sort, after);
  return order?.mergeAfter === after ? order : undefined;
}

interface Intersection {
  /** The position of the field with arrays. */
  readonly field: number;
  readonly sets: readonly {
    readonly branches: readonly Branch[];
    readonly ranges: readonly BranchRange[];
  }[];
}

/**
 * Several conditions on one field with arrays, each of which bounds it by points: every match has an
 * entry in the ranges of each, and these entries differ in that field alone.
 */
function intersection(
  index: Index,
  alternatives: Alternatives,
  plain: readonly Branch[],
): Intersection | undefined {
  const [field] = index.arrays;
  if (field === undefined || index.arrays.size > 1) return undefined;
  if (plain.some((branch) => branch.pointFields <= field)) return undefined;
  const [first = [], ...others] = alternatives.map((given) => pointPredicates(index, field, given));
  const shared = first
    .filter((predicate) => others.every((other) => other.includes(predicate)))
    .slice(0, MAX_INTERSECTED);
  if (shared.length < 2) return undefined;
  const sets = shared.flatMap((predicate) => {
    const branches = branchesOf(index, alternatives, predicate);
    const ranges = branches && rangesOf(branches);
    const aligned = ranges?.every(({ offsets }) => offsets.length > field + 1) === true;
    return branches && aligned ? [{ branches, ranges }] : [];
  });
  return sets.length < 2 ? undefined : { field, sets };
}

/** What an intersection is worth: less than a point field, more than not looking into documents. */
const INTERSECTION = 6;

/** No plan with the index has a higher score, whatever the conditions on these fields are. */
function mostOf(
  index: Index,
  named: ReadonlySet<string> | undefined,
  sort: readonly SortField[],
): number {
  const other = index.fields.findIndex(({ field }) => named?.has(field) !== true);
  const points = other < 0 ? index.fields.length : other;
  const crosses = [...index.arrays].some((at) => at < points);
  return (crosses ? INTERSECTION : 0) + score(index, points, true, true, sort.length > 0);
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
