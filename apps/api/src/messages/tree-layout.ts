import { Types } from 'mongoose';
import type { StoredBranch } from './branch.schema.js';
import type { StoredMessage } from './message.schema.js';
import { OrderedIds } from './ordered-ids.js';
import { BrokenDraft, type DraftMessage } from './session-draft.js';

/** Where a message stands in the tree that is laid out. */
export interface PlacedMessage extends Pick<
  StoredMessage,
  '_id' | 'parent_id' | 'branch_id' | 'created_at'
> {
  /** The branch that begins with it. */
  readonly newBranch?: Pick<StoredBranch, '_id' | 'parent_branch_id' | 'fork' | 'created_at'>;
}

/** The end of the branch that is shown, as a session keeps it. */
export interface LaidOutEnd {
  readonly tipId: Types.ObjectId | null;
  readonly tipBranchId: Types.ObjectId | null;
  readonly activeId: Types.ObjectId | null;
}

const TRUNK = 0;
const NONE = -1;

/**
 * Gives messages that come parent first their ids, times and branches, just as they would have had
 * them if they had been sent one after the other (`MessageTree.placeBelow` is the twin): a parent's
 * first child continues its branch, every further one begins a new branch.
 *
 * It holds a few numbers a message, by which all of a long conversation fits in memory: messages
 * are counted from 0, and everything else is an array over these numbers.
 */
export class TreeLayout {
  private readonly ids = new OrderedIds();
  private readonly numbers = new Map<string, number>();
  private readonly parents: number[] = [];
  private readonly times: number[] = [];
  private readonly branches: number[] = [];
  private readonly live: boolean[] = [];
  /** By branch: its id, and the number of its last message. */
  private readonly branchIds: (Types.ObjectId | null)[] = [null];
  private readonly ends: number[] = [NONE];
  private liveCount = 0;
  private latest: number | undefined;

  /** How many messages are not in the trash. */
  get messageCount(): number {
    return this.liveCount;
  }

  get isBranched(): boolean {
    return this.branchIds.length > 1;
  }

  /** Of the newest message, live or not; null where there is none. */
  get lastMessageAt(): Date | null {
    return this.latest === undefined ? null : new Date(this.latest);
  }

  /** The id that a message of the source was given. */
  idOf(sourceId: string): Types.ObjectId | undefined {
    const number = this.numbers.get(sourceId);
    return number === undefined ? undefined : this.ids.at(number);
  }

  /**
   * Finds the place of the next message. Its time is kept where it is later than its parent's, as
   * everything that reads a path relies on, and is one millisecond after it otherwise.
   *
   * @throws BrokenDraft for an id that was there before, or a parent that was not.
   */
  place({ id, parentId, created_at, deleted_at }: DraftMessage): PlacedMessage {
    if (this.numbers.has(id)) throw new BrokenDraft(`The message "${id}" stands there twice.`);
    const parent = parentId === null ? NONE : this.numbers.get(parentId);
    if (parent === undefined) {
      throw new BrokenDraft(
        `The message "${id}" follows "${parentId ?? ''}", which does not stand before it.`,
      );
    }
    const number = this.times.length;
    const time = Math.max(created_at.getTime(), (this.times[parent] ?? -Infinity) + 1);
    const from = this.branches[parent] ?? TRUNK;
    const continues = this.ends[from] === parent;
    const branch = continues ? from : this.branchIds.push(new Types.ObjectId()) - 1;
    this.ends[branch] = number;
    this.numbers.set(id, number);
    this.parents.push(parent);
    this.times.push(time);
    this.branches.push(branch);
    this.live.push((deleted_at ?? null) === null);
    if ((deleted_at ?? null) === null) this.liveCount += 1;
    this.latest = Math.max(this.latest ?? time, time);
    return {
      ...this.placed(number, parent),
      ...(continues ? {} : this.beginning(number, parent, from)),
    };
  }

  /** Which branch is shown for the sake of a message: on to the newest live one below it. */
  endFor(activeId: string | null | undefined): LaidOutEnd {
    const given = this.numbers.get(activeId ?? '');
    const active = (given === undefined ? undefined : this.newestBelow(given)) ?? this.newestLive();
    const branch = this.branches[active ?? this.times.length - 1] ?? TRUNK;
    const tip = this.ends[branch] ?? NONE;
    return {
      tipId: tip === NONE ? null : this.ids.at(tip),
      tipBranchId: this.branchIds[branch] ?? null,
      activeId: active === undefined ? null : this.ids.at(active),
    };
  }

  private placed(number: number, parent: number): PlacedMessage {
    return {
      _id: this.ids.at(number),
      parent_id: parent === NONE ? null : this.ids.at(parent),
      branch_id: this.branchIds[this.branches[number] ?? TRUNK] ?? null,
      created_at: new Date(this.times[number] ?? 0),
    };
  }

  private beginning(
    number: number,
    parent: number,
    from: number,
  ): Pick<PlacedMessage, 'newBranch'> {
    const branchId = this.branchIds[this.branches[number] ?? TRUNK];
    if (!branchId) throw new Error('Only what is not the trunk begins with a message');
    return {
      newBranch: {
        _id: branchId,
        parent_branch_id: this.branchIds[from] ?? null,
        fork:
          parent === NONE
            ? null
            : { _id: this.ids.at(parent), created_at: new Date(this.times[parent] ?? 0) },
        created_at: new Date(this.times[number] ?? 0),
      },
    };
  }

  private newestLive(): number | undefined {
    return this.newest(() => true);
  }

  /** Children come after their parents, so one walk finds all that is below. */
  private newestBelow(top: number): number | undefined {
    const below = new Set([top]);
    return this.newest((number) => {
      if (number !== top && !below.has(this.parents[number] ?? NONE)) return false;
      below.add(number);
      return true;
    });
  }

  private newest(isWanted: (number: number) => boolean): number | undefined {
    let newest: number | undefined;
    for (let number = 0; number < this.times.length; number += 1) {
      if (!isWanted(number) || this.live[number] !== true) continue;
      const isLater = (this.times[number] ?? 0) >= (this.times[newest ?? NONE] ?? -Infinity);
      if (isLater) newest = number;
    }
    return newest;
  }
}
