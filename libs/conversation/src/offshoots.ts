import { branchesBelow, segmentsTo, type Branch } from './branches.js';

/** A branch that also says when its first message was stored, in milliseconds. */
export interface DatedBranch extends Branch {
  readonly beganAt: number;
}

/** Everything that follows one fork of a path in another direction. */
export interface Offshoot {
  /** Null for the trunk. */
  readonly branchIds: readonly (string | null)[];
  /** Only messages of these branches that are later than this; all of them when absent. */
  readonly after?: number;
}

interface Fork {
  /** Of the message that has more than one child; null for the root. */
  readonly time: number | null;
  readonly branchId: string | null;
  /** When the child that is on the path was stored. */
  readonly childTime: number;
  /** Whether the branch of the fork goes on beside the path. */
  readonly goesOn: boolean;
}

/** Earlier than any other child: a parent's first child goes on in the parent's own branch. */
const FIRST = -Infinity;

/**
 * What hangs beside a path, the forks nearest to its end first; of one fork the version before the
 * path's own first, then those before that, then those after it.
 *
 * @param branchId of the last segment of the path.
 * @param from only forks at this time or later; all of them, the root among them, when absent.
 */
export function offshootsOf(
  branches: ReadonlyMap<string, DatedBranch>,
  branchId: string | null,
  from?: number,
): Offshoot[] {
  const path = segmentsTo(branches, branchId);
  const onPath = new Set(path.map((segment) => segment.branchId));
  const beside = [...branches.values()].filter(({ id }) => !onPath.has(id));
  return forksOf(branches, path, beside)
    .filter(({ time }) => from === undefined || (time !== null && time >= from))
    .flatMap((fork) => offshootsAt(branches, beside, fork));
}

/** The nearest to the end of the path first. */
function forksOf(
  branches: ReadonlyMap<string, DatedBranch>,
  path: readonly { readonly branchId: string | null; readonly upto?: number }[],
  beside: readonly DatedBranch[],
): Fork[] {
  const began = (id: string | null | undefined): number =>
    (typeof id === 'string' ? branches.get(id)?.beganAt : undefined) ?? FIRST;
  const forks: Fork[] = [];
  for (const [i, { branchId, upto }] of [...path.entries()].reverse()) {
    if (upto !== undefined) {
      forks.push({ time: upto, branchId, childTime: began(path[i + 1]?.branchId), goesOn: true });
    }
    const times = beside
      .filter((one) => one.parentId === branchId && one.forkTime !== null)
      .map(({ forkTime }) => forkTime ?? FIRST)
      .filter((time) => upto === undefined || time < upto);
    for (const time of [...new Set(times)].sort((a, b) => b - a)) {
      forks.push({ time, branchId, childTime: FIRST, goesOn: false });
    }
  }
  const first = path[0]?.branchId ?? null;
  forks.push({ time: null, branchId: null, childTime: began(first), goesOn: first !== null });
  return forks;
}

function offshootsAt(
  branches: ReadonlyMap<string, DatedBranch>,
  beside: readonly DatedBranch[],
  { time, branchId, childTime, goesOn }: Fork,
): Offshoot[] {
  const all = [...branches.values()];
  const versions = beside
    .filter((one) => one.forkTime === time && (time === null || one.parentId === branchId))
    .map(({ id, beganAt }) => ({
      beganAt,
      offshoot: { branchIds: branchesBelow(all, id, beganAt) },
    }));
  const older = versions.filter(({ beganAt }) => beganAt < childTime);
  const newer = versions.filter(({ beganAt }) => beganAt >= childTime);
  older.sort((a, b) => b.beganAt - a.beganAt);
  newer.sort((a, b) => a.beganAt - b.beganAt);
  const offshoots: Offshoot[] = older.map(({ offshoot }) => offshoot);
  if (goesOn && time === null) {
    offshoots.push({ branchIds: branchesBelow(all, null, FIRST) });
  } else if (goesOn && time !== null) {
    // Times are whole milliseconds: what left the branch at the fork itself is a version of its own.
    offshoots.push({ branchIds: branchesBelow(all, branchId, time + 1), after: time });
  }
  return [...offshoots, ...newer.map(({ offshoot }) => offshoot)];
}
