import type { ChatSession } from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { ModelRegistry } from '../assistants/model-registry.js';
import { mapPage, type Page, type PageRequest } from '../common/paging/page.js';
import { invalidField, notFound } from '../common/problem/problem.exception.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionChanges } from './session-changes.js';
import type { StoredSession } from './session.schema.js';
import {
  SessionsRepository,
  type SessionSettings,
  type SessionTree,
} from './sessions.repository.js';
import { toChatSession, toShownSession } from './to-chat-session.js';

/** Runs in the transaction that deletes a session, after it went to the trash. */
export type DeletionHook = (
  userId: Types.ObjectId,
  sessionId: Types.ObjectId,
  deletedAt: Date,
) => Promise<void>;

/** Runs in the transaction that restores a session, after it left the trash. */
export type RestoreHook = (userId: Types.ObjectId, sessionId: Types.ObjectId) => Promise<void>;

/** Shows the branch of a message, in the caller's transaction; a 404 where there is none. */
export type ShowBranch = (
  userId: Types.ObjectId,
  sessionId: Types.ObjectId,
  messageId: Types.ObjectId,
) => Promise<void>;

/** What an owner may do with sessions. What is missing, deleted or foreign is one 404. */
@Injectable()
export class SessionsService {
  private readonly deletionHooks: DeletionHook[] = [];
  private readonly restoreHooks: RestoreHook[] = [];
  private showBranch: ShowBranch = () => Promise.reject(notFound());

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly transactions: Transactions,
    private readonly changes: SessionChanges,
    private readonly models: ModelRegistry,
  ) {}

  /** For rooms that this one does not know: called at their start. */
  onDelete(hook: DeletionHook): void {
    this.deletionHooks.push(hook);
  }

  /** For rooms that this one does not know: called at their start. */
  onRestore(hook: RestoreHook): void {
    this.restoreHooks.push(hook);
  }

  /** For the room that knows the tree of messages: called at its start. */
  showBranchesThrough(showBranch: ShowBranch): void {
    this.showBranch = showBranch;
  }

  async create(userId: Types.ObjectId, title?: string): Promise<ChatSession> {
    const session = await this.sessions.create(userId, title ?? LIMITS.sessionTitle.default);
    this.changes.announce(userId);
    return toChatSession(session);
  }

  async get(userId: Types.ObjectId, id: Types.ObjectId): Promise<ChatSession> {
    return toChatSession(found(await this.sessions.findLive(userId, id)));
  }

  /** Live sessions, or those in the trash with `deleted_at`. */
  async list(
    userId: Types.ObjectId,
    deleted: boolean,
    request: PageRequest,
  ): Promise<Page<ChatSession>> {
    const owner = userId.toHexString();
    return mapPage(await this.sessions.list(userId, deleted, request), (session) =>
      toShownSession(session, owner),
    );
  }

  /**
   * @param messageId the message whose branch is to be shown.
   * @throws a 400 for a model that there is not.
   */
  async update(
    userId: Types.ObjectId,
    id: Types.ObjectId,
    settings: SessionSettings,
    messageId?: Types.ObjectId,
  ): Promise<ChatSession> {
    const { model } = settings;
    if (typeof model === 'string' && this.models.resolve(model) === undefined) {
      throw invalidField('/model', 'There is no such model: GET /assistants/models lists them.');
    }
    const session =
      messageId === undefined
        ? await this.sessions.update(userId, id, settings)
        : await this.transactions.run(async () => {
            found(await this.sessions.update(userId, id, settings));
            await this.showBranch(userId, id, messageId);
            return this.sessions.findLive(userId, id);
          });
    const updated = toChatSession(found(session));
    this.changes.announce(userId);
    return updated;
  }

  async delete(userId: Types.ObjectId, id: Types.ObjectId): Promise<void> {
    await this.transactions.run(async () => {
      const now = new Date();
      if (!(await this.sessions.softDelete(userId, id, now))) throw notFound();
      for (const hook of this.deletionHooks) await hook(userId, id, now);
    });
    this.changes.announce(userId);
  }

  async restore(userId: Types.ObjectId, id: Types.ObjectId): Promise<ChatSession> {
    const session = await this.transactions.run(async () => {
      const restored = found(await this.sessions.restore(userId, id));
      for (const hook of this.restoreHooks) await hook(userId, id);
      return restored;
    });
    this.changes.announce(userId);
    return toChatSession(session);
  }

  /** @throws a 404 where this user has no such live session. */
  async treeOf(userId: Types.ObjectId, id: Types.ObjectId): Promise<SessionTree> {
    const tree = await this.sessions.findTree(userId, id);
    if (tree === null) throw notFound();
    return tree;
  }
}

function found(session: StoredSession | null): StoredSession {
  if (session === null) throw notFound();
  return session;
}
