import type { Branch } from '@chat/conversation';
import type { StoredMessage } from './message.schema.js';

type Node = Pick<StoredMessage, '_id' | 'parent_id' | 'branch_id' | 'created_at'>;

interface Place {
  readonly id: string;
  readonly time: number;
}

/**
 * Which message of a document another one follows, where its parent need not be in the document:
 * left out with the trash, or gone for good. A document is so a tree of its own.
 *
 * It keeps the ids of a session and nothing else of it.
 */
export class Ancestry {
  private readonly known = new Set<string>();
  /** By branch, oldest first. */
  private readonly placesOf = new Map<string | null, Place[]>();

  constructor(private readonly branches: ReadonlyMap<string, Branch>) {}

  /**
   * Puts a message into the document; parents come before their children.
   *
   * @returns the nearest one of its path that is in the document, or null for none.
   */
  add({ _id, parent_id, branch_id, created_at }: Node): string | null {
    const id = _id.toHexString();
    const branchId = branch_id?.toHexString() ?? null;
    const time = created_at.getTime();
    const parent = parent_id?.toHexString() ?? null;
    const ancestor =
      parent === null || this.known.has(parent) ? parent : this.before(branchId, time);
    this.known.add(id);
    const places = this.placesOf.get(branchId);
    if (places === undefined) this.placesOf.set(branchId, [{ id, time }]);
    else places.push({ id, time });
    return ancestor;
  }

  /** A branch is a run of messages, and leaves another one that goes on before it. */
  private before(branchId: string | null, time: number): string | null {
    let at = branchId;
    let end = time;
    for (let steps = 0; steps <= this.branches.size; steps += 1) {
      const place = this.placesOf.get(at)?.findLast((one) => one.time < end);
      if (place !== undefined) return place.id;
      const branch = at === null ? undefined : this.branches.get(at);
      if (branch === undefined || branch.forkTime === null) return null;
      at = branch.parentId;
      end = branch.forkTime + 1;
    }
    return null;
  }
}
