import { LIMITS, type BulkRequest, type BulkResult } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { Types } from 'mongoose';
import { invalidField, notFound, ProblemException } from '../common/problem/problem.exception.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionBulkRepository, type BulkChange } from './session-bulk.repository.js';
import { SessionChanges } from './session-changes.js';
import { SessionHooks } from './session-hooks.js';
import type { StoredSession } from './session.schema.js';
import { withoutTags, withTags } from './tags.js';

/** How many are changed in one transaction: others that change one of them wait so long. */
const BATCH = 100;

type Tagged = Pick<StoredSession, '_id' | 'tags'>;

/** Why some of the sessions could not be changed, by id. */
type Failures = Map<string, ProblemException>;

/** Changes many sessions at once, each of which succeeds or fails by itself. */
@Injectable()
export class SessionBulk {
  constructor(
    private readonly sessions: SessionBulkRepository,
    private readonly hooks: SessionHooks,
    private readonly transactions: Transactions,
    private readonly changes: SessionChanges,
  ) {}

  /**
   * @param request as it was validated.
   * @returns one result a session, in the order of the request.
   * @throws a 400 where a member is missing or belongs to another action, a 404 for an unknown folder.
   */
  async change(userId: Types.ObjectId, request: BulkRequest): Promise<BulkResult[]> {
    assertMembers(request);
    const ids = [...new Set(request.ids.map((id) => id.toLowerCase()))];
    const failures: Failures = new Map();
    for (let at = 0; at < ids.length; at += BATCH) {
      await this.changeBatch(userId, request, ids.slice(at, at + BATCH), at === 0, failures);
    }
    this.changes.announce(userId);
    return ids.map((id) => {
      const problem = failures.get(id);
      return problem === undefined
        ? { id, ok: true }
        : { id, ok: false, error: problem.toProblem(`/chat/sessions/${id}`) };
    });
  }

  private async changeBatch(
    userId: Types.ObjectId,
    request: BulkRequest,
    ids: readonly string[],
    isFirst: boolean,
    failures: Failures,
  ): Promise<void> {
    try {
      const failed = await this.transactions.run(() => this.perform(userId, request, ids));
      for (const [id, problem] of failed) failures.set(id, problem);
    } catch (error) {
      // What went before stays done, so from then on it is told of every session.
      if (isFirst || !(error instanceof ProblemException)) throw error;
      for (const id of ids) failures.set(id, error);
    }
  }

  private async perform(
    userId: Types.ObjectId,
    request: BulkRequest,
    ids: readonly string[],
  ): Promise<Failures> {
    const { action } = request;
    const inTrash = action === 'restore';
    const folderId =
      typeof request.folder_id === 'string' ? new Types.ObjectId(request.folder_id) : null;
    if (folderId !== null) await this.hooks.claimFolder(userId, folderId);
    const found = await this.sessions.find(
      userId,
      ids.map((id) => new Types.ObjectId(id)),
      inTrash,
    );
    const there = found.map(({ _id }) => _id);
    const now = new Date();
    if (action === 'tag' || action === 'untag') {
      const failed = await this.retag(userId, request, found, now);
      return new Map([...missing(ids, there), ...failed]);
    }
    await this.sessions.change(userId, there, inTrash, changeOf(action, folderId, now));
    if (action === 'delete') await this.hooks.deleted(userId, there, now);
    if (action === 'restore') await this.hooks.restored(userId, there);
    return missing(ids, there);
  }

  /** @returns why those that would have too many tags keep those that they have. */
  private async retag(
    userId: Types.ObjectId,
    { action, tags = [] }: BulkRequest,
    found: readonly Tagged[],
    now: Date,
  ): Promise<Failures> {
    const retagged = found.map((session) => ({
      _id: session._id,
      before: session.tags.length,
      tags: action === 'tag' ? withTags(session.tags, tags) : withoutTags(session.tags, tags),
    }));
    const fits = ({ tags }: Tagged): boolean => tags.length <= LIMITS.tagsPerSession;
    const changed = retagged.filter(({ tags, before }) => tags.length !== before);
    await this.sessions.retag(userId, changed.filter(fits), now);
    const problem = new ProblemException('invalid-request', {
      detail: `A session can have at most ${LIMITS.tagsPerSession} tags. Take one away first.`,
    });
    return new Map(
      changed.filter((one) => !fits(one)).map(({ _id }) => [_id.toHexString(), problem]),
    );
  }
}

/** What an action sets; neither to delete nor to restore is a change of the session itself. */
function changeOf(
  action: Exclude<BulkRequest['action'], 'tag' | 'untag'>,
  folderId: Types.ObjectId | null,
  now: Date,
): BulkChange {
  switch (action) {
    case 'archive':
    case 'unarchive':
      return { archived: action === 'archive', updated_at: now };
    case 'pin':
    case 'unpin':
      return { pinned: action === 'pin', updated_at: now };
    case 'move':
      return { folder_id: folderId, updated_at: now };
    case 'delete':
      return { deleted: true, deleted_at: now };
    case 'restore':
      return { deleted: false, deleted_at: null };
  }
}

function missing(ids: readonly string[], there: readonly Types.ObjectId[]): Failures {
  const found = new Set(there.map((id) => id.toHexString()));
  return new Map(ids.filter((id) => !found.has(id)).map((id) => [id, notFound()]));
}

function assertMembers({ action, folder_id, tags }: BulkRequest): void {
  const needsTags = action === 'tag' || action === 'untag';
  if (action === 'move' && folder_id === undefined) {
    throw invalidField('/folder_id', 'Say where to move the sessions: a folder, or null for none.');
  }
  if (action !== 'move' && folder_id !== undefined) {
    throw invalidField('/folder_id', 'A folder can only be given to move sessions.');
  }
  if (needsTags && tags === undefined) {
    throw invalidField('/tags', 'Say which tags.');
  }
  if (!needsTags && tags !== undefined) {
    throw invalidField('/tags', 'Tags can only be given to tag or untag sessions.');
  }
}
