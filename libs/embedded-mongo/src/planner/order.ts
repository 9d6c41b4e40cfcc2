import type { Index } from '../catalog/index-definition.js';
import type { SortField } from '../evaluate/sort.js';
import type { Branch, BranchRange } from './branches.js';

/** How reading the ranges of an index gives the order that was asked for. */
export interface Order {
  readonly backward: boolean;
  /** 0: read one range after the other; n: merge them by what follows n fields. */
  readonly mergeAfter: number;
}

/** Which fields of an index have one and the same value in all entries of all branches. */
export function constantFields(index: Index, branches: readonly Branch[]): boolean[] {
  return index.fields.map((_, at) => {
    const value = branches[0]?.constants[at];
    return (
      value !== undefined &&
      branches.every((branch) => branch.constants[at]?.equals(value) === true)
    );
  });
}

/**
 * The order of an index's entries, if it is the order asked for.
 * @param least how many fields a merge has to leave out at least
 */
export function sortOrder(
  index: Index,
  constant: readonly boolean[],
  ranges: readonly BranchRange[],
  sort: readonly SortField[],
  least = 0,
): Order | undefined {
  // Nothing is asked for, or nothing will be found.
  if (sort.length === 0 || ranges.length === 0) return { backward: false, mergeAfter: least };
  const positions = sort.map(({ field }) =>
    index.fields.findIndex((candidate) => candidate.field === field),
  );
  // An array sorts by its least or greatest element, wherever its other entries are.
  if (positions.some((at) => index.arrays.has(at))) return undefined;
  const wanted = sort.filter((_, at) => !constant[positions[at] ?? -1]);
  const most = Math.min(...ranges.map(({ offsets }) => offsets.length - 1));
  for (let start = least; start === least || start <= most; start++) {
    const backward = directionAfter(index, constant, start, wanted);
    if (backward !== undefined) return { backward, mergeAfter: start };
  }
  return undefined;
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
