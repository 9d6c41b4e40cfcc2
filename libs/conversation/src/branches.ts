/**
 * A run of messages, each the parent of the next, that left another run where a message got a
 * second child. The trunk, which every conversation begins with, is no `Branch`: its id is null.
 *
 * Times are in milliseconds and rise strictly from message to message within a conversation, so
 * they say which of two messages comes first, and a child is always later than its parent.
 */
export interface Branch {
  readonly id: string;
  /** The branch that it left; null for the trunk. */
  readonly parentId: string | null;
  /** The time of the last message that it shares with that branch; null where it shares none. */
  readonly forkTime: number | null;
}

/** A part of a path: the messages of one branch from its beginning on. */
export interface Segment {
  /** Null for the trunk. */
  readonly branchId: string | null;
  /** The time of the last message that belongs to the path; all of the branch when absent. */
  readonly upto?: number;
}

/**
 * The path that leads into a branch, as stretches of branches from the root on. Every message of
 * one segment is earlier than every message of the next.
 *
 * @param branchId of the last segment.
 * @param upto the time of the path's last message; the end of the branch when absent.
 * @throws where a branch is not among `branches`, or they lead in a circle.
 */
export function segmentsTo(
  branches: ReadonlyMap<string, Branch>,
  branchId: string | null,
  upto?: number,
): Segment[] {
  const segments: Segment[] = [];
  let end = upto;
  for (let at = branchId; ;) {
    segments.push(end === undefined ? { branchId: at } : { branchId: at, upto: end });
    if (at === null) break;
    const branch = branches.get(at);
    if (branch === undefined) throw new Error(`There is no branch ${at}`);
    if (segments.length > branches.size + 1) throw new Error(`Branch ${at} comes from itself`);
    if (branch.forkTime === null) break;
    at = branch.parentId;
    // Where a branch left its parent before the point that this path leaves it, both are the same.
    end = branch.forkTime;
  }
  return segments.reverse();
}

/**
 * The branches in which messages can follow a message: its own and all that left it, or one of
 * those, at this message or later.
 *
 * @param time of the message.
 */
export function branchesBelow(
  branches: Iterable<Branch>,
  branchId: string | null,
  time: number,
): (string | null)[] {
  const childrenOf = new Map<string | null, Branch[]>();
  for (const branch of branches) {
    if (branch.forkTime === null) continue;
    const siblings = childrenOf.get(branch.parentId);
    if (siblings === undefined) childrenOf.set(branch.parentId, [branch]);
    else siblings.push(branch);
  }
  const below: (string | null)[] = [branchId];
  // Whatever left a branch below did so at a message of that branch, which is later than this one.
  for (const at of below) {
    for (const { id, forkTime } of childrenOf.get(at) ?? []) {
      if (forkTime !== null && forkTime >= time) below.push(id);
    }
  }
  return below;
}
