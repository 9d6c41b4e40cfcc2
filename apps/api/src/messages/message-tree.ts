import { branchesBelow, offshootsOf, segmentsTo } from '@chat/conversation';
import { Injectable } from '@nestjs/common';
import { Types } from 'mongoose';
import { notFound } from '../common/problem/problem.exception.js';
import type { BranchEnd, StoredSession } from '../sessions/session.schema.js';
import { SessionsRepository, type SessionTree } from '../sessions/sessions.repository.js';
import type { StoredBranch } from './branch.schema.js';
import { BranchesRepository, NO_BRANCHES, type SessionBranches } from './branches.repository.js';
import type { StoredMessage } from './message.schema.js';
import { MessagesRepository, type MessageNode, type MessageScope } from './messages.repository.js';

/** What a message is made of before it has its place. */
export type MessageDraft = Pick<StoredMessage, '_id' | 'content' | 'role'> &
  Partial<Pick<StoredMessage, 'status' | 'model' | 'attempt'>>;

/** Where in the tree messages are added. */
interface Place {
  readonly parentId: Types.ObjectId | null;
  readonly branchId: Types.ObjectId | null;
  /** To be made, where the place is beside others. */
  readonly newBranch?: Omit<StoredBranch, 'created_at'>;
}

/** The part of a message that decides where its children are stored. */
type Parent = Pick<MessageNode, '_id' | 'branch_id' | 'created_at'>;

export interface AppendRequest {
  /** The new message's parent: null for the root, the end of the branch shown when absent. */
  readonly parent?: Parent | null;
  /** Of the messages to store, in their order. */
  readonly ids: readonly [Types.ObjectId] | readonly [Types.ObjectId, Types.ObjectId];
  /** What to store, given the session as it was. What it throws undoes everything. */
  readonly drafts: (session: StoredSession) => readonly MessageDraft[];
}

/**
 * Changes of the tree, each in the transaction of its caller, with the session written first: that
 * write lets one change of a session follow the other.
 *
 * The tree itself only grows. The branch that a session shows is named by its structural end, the
 * tip, so that a plain send needs to read nothing: it follows the tip. What was deleted stays in
 * the tree and comes back where it was; what is then removed for good leaves a gap that nothing
 * falls into, since places are told by branches and times and not by parents.
 */
@Injectable()
export class MessageTree {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly branches: BranchesRepository,
    private readonly sessions: SessionsRepository,
  ) {}

  /**
   * Stores messages, each the parent of the next, and shows their branch.
   *
   * @throws a 404 where there is no such live session.
   */
  async append(
    scope: MessageScope,
    { parent, ids, drafts }: AppendRequest,
  ): Promise<{ session: StoredSession; stored: StoredMessage[] }> {
    const place = parent === undefined ? undefined : await this.placeBelow(scope, parent);
    const now = new Date();
    const session = await this.sessions.recordMessages(scope.userId, scope.sessionId, {
      at: now,
      count: ids.length,
      tipId: ids.at(-1) ?? ids[0],
      ...(place === undefined
        ? {}
        : { branch: { id: place.branchId, isNew: place.newBranch !== undefined } }),
    });
    if (session === null) throw notFound();
    const first = laterThan(session.last_message_at, now);
    const stored = chain(
      scope,
      place ?? { parentId: session.tip_id, branchId: session.tip_branch_id },
      first,
      drafts(session),
    );
    if (first !== now) {
      const last = stored.at(-1)?.created_at ?? first;
      await this.sessions.moveActivity(scope.userId, scope.sessionId, last);
    }
    if (place?.newBranch !== undefined) {
      await this.branches.create({ ...place.newBranch, created_at: first });
    }
    await this.messages.insert(stored);
    return { session, stored };
  }

  /** Shows the branch of a live message: on to the newest message below it. A 404 where none is. */
  async show(scope: MessageScope, id: Types.ObjectId): Promise<void> {
    const [tree, message] = [
      await this.sessions.findTree(scope.userId, scope.sessionId),
      await this.messages.findLive(scope, id),
    ];
    if (tree === null || message === null) throw notFound();
    await this.showBelow(scope, await this.branchesOf(scope, tree), message);
  }

  /**
   * Keeps an end of a branch shown after a message went to the trash: where it was the last one of
   * what is shown, its nearest live version, the older one of two, takes its place.
   *
   * @param tree the session as it was before.
   */
  async afterDeletion(scope: MessageScope, tree: SessionTree, gone: MessageNode): Promise<void> {
    if (tree.active_message_id?.equals(gone._id) === true) await this.showWhatIsLive(scope, tree);
  }

  /** Shows again what a message was part of that is back from the trash. */
  async afterRestoring(scope: MessageScope, tree: SessionTree): Promise<void> {
    await this.showWhatIsLive(scope, tree);
  }

  /**
   * What is shown follows from two things alone: the branch that was shown on purpose, and which
   * messages are live. So messages that are deleted and restored, in whatever order, leave it as it
   * was. It is the branch itself to its last live message; where something live hangs beside its
   * dead end, that which is nearest to the end, to its newest message.
   */
  private async showWhatIsLive(scope: MessageScope, tree: SessionTree): Promise<void> {
    const { tip_id, tip_branch_id, active_message_id } = tree;
    const chosen = tree.shown_before ?? { tip_id, tip_branch_id };
    const branches = await this.branchesOf(scope, tree);
    const last = await this.lastLive(scope, chosen, branches);
    const beside = tree.branched ? await this.newestBeside(scope, branches, chosen, last) : null;
    const shown = beside === null ? chosen : await this.endOf(scope, beside);
    const active = beside ?? last;
    const isSame =
      sameId(active?._id, active_message_id) &&
      sameId(shown.tip_id, tip_id) &&
      sameId(shown.tip_branch_id, tip_branch_id);
    if (isSame) return;
    await this.sessions.show(scope.userId, scope.sessionId, {
      tip_id: shown.tip_id,
      tip_branch_id: shown.tip_branch_id,
      active_message_id: active?._id ?? null,
      shown_before: beside === null ? null : chosen,
    });
  }

  /** The newest message of the nearest branch beside the dead end of the chosen one. */
  private async newestBeside(
    scope: MessageScope,
    branches: SessionBranches,
    { tip_branch_id }: BranchEnd,
    last: MessageNode | null,
  ): Promise<MessageNode | null> {
    // Most often nothing is there, and one question tells.
    if ((await this.newestBelow(scope, branches, last)) === null) return null;
    const branchId = tip_branch_id?.toHexString() ?? null;
    const from = last?.created_at.getTime();
    for (const { branchIds, after } of offshootsOf(branches.byId, branchId, from)) {
      const behind = after === undefined ? undefined : new Date(after);
      const newest = await this.messages.newestLive(scope, branchIds, behind);
      if (newest !== null) return newest;
    }
    return null;
  }

  private branchesOf(scope: MessageScope, { branched }: SessionTree): Promise<SessionBranches> {
    return branched ? this.branches.ofSession(scope) : Promise.resolve(NO_BRANCHES);
  }

  /** In the parent's own branch where that ends with it, in a new one beside what is there. */
  private async placeBelow(scope: MessageScope, parent: Parent | null): Promise<Place> {
    const parentId = parent?._id ?? null;
    const branchId = parent?.branch_id ?? null;
    if (!(await this.messages.goesOnBehind(scope, branchId, parent))) return { parentId, branchId };
    const _id = new Types.ObjectId();
    return {
      parentId,
      branchId: _id,
      newBranch: {
        _id,
        user_id: scope.userId,
        session_id: scope.sessionId,
        parent_branch_id: branchId,
        fork: parent === null ? null : { _id: parent._id, created_at: parent.created_at },
      },
    };
  }

  private async showBelow(
    scope: MessageScope,
    branches: SessionBranches,
    from: MessageNode,
  ): Promise<void> {
    const newest = (await this.newestBelow(scope, branches, from)) ?? from;
    await this.sessions.show(scope.userId, scope.sessionId, {
      ...(await this.endOf(scope, newest)),
      active_message_id: newest._id,
      shown_before: null,
    });
  }

  /** Of the branch of a live message. */
  private async endOf(scope: MessageScope, { _id, branch_id }: MessageNode): Promise<BranchEnd> {
    const end = await this.messages.endOf(scope, branch_id);
    return { tip_id: end?._id ?? _id, tip_branch_id: branch_id };
  }

  /** The latest live message below this one; of the whole tree for null. */
  private newestBelow(
    scope: MessageScope,
    { byId }: SessionBranches,
    from: MessageNode | null,
  ): Promise<MessageNode | null> {
    if (from === null) return this.messages.newestLive(scope, [null, ...byId.keys()]);
    const branchId = from.branch_id?.toHexString() ?? null;
    const below = branchesBelow(byId.values(), branchId, from.created_at.getTime());
    return this.messages.newestLive(scope, below, from.created_at);
  }

  /** The last live message on the way to the end of a branch. */
  private async lastLive(
    scope: MessageScope,
    { tip_branch_id }: BranchEnd,
    { byId }: SessionBranches,
  ): Promise<MessageNode | null> {
    const segments = segmentsTo(byId, tip_branch_id?.toHexString() ?? null);
    for (const segment of segments.reverse()) {
      const [last] = await this.messages.stretch(scope, segment, { order: 'desc', rows: 1 });
      if (last !== undefined) return last;
    }
    return null;
  }
}

function sameId(
  one: Types.ObjectId | null | undefined,
  other: Types.ObjectId | null | undefined,
): boolean {
  return one?.toHexString() === other?.toHexString();
}

/** `now`, or one millisecond after `last` where the clock has not moved on (or went back). */
function laterThan(last: Date | null, now: Date): Date {
  return last === null || last < now ? now : new Date(last.getTime() + 1);
}

function chain(
  { userId, sessionId }: MessageScope,
  { parentId, branchId }: Place,
  first: Date,
  drafts: readonly MessageDraft[],
): StoredMessage[] {
  return drafts.map((draft, i) => ({
    _id: draft._id,
    session_id: sessionId,
    user_id: userId,
    content: draft.content,
    role: draft.role,
    created_at: new Date(first.getTime() + i),
    parent_id: drafts[i - 1]?._id ?? parentId,
    branch_id: branchId,
    status: draft.status ?? 'complete',
    model: draft.model ?? null,
    finish_reason: null,
    usage: null,
    reasoning: null,
    error: null,
    edited_at: null,
    reactions: [],
    attempt: draft.attempt ?? 0,
    kept_lengths: [],
    deleted: false,
    deleted_at: null,
  }));
}
