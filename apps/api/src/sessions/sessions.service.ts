import type { ChatSession } from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { ModelRegistry } from '../assistants/model-registry.js';
import { invalidField, notFound } from '../common/problem/problem.exception.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionChanges } from './session-changes.js';
import { SessionHooks, type ShowBranch } from './session-hooks.js';
import type { StoredSession } from './session.schema.js';
import {
  SessionsRepository,
  type SessionSettings,
  type SessionTree,
} from './sessions.repository.js';
import { toChatSession } from './to-chat-session.js';

/** What an owner may do with sessions. What is missing, deleted or foreign is one 404. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly transactions: Transactions,
    private readonly changes: SessionChanges,
    private readonly models: ModelRegistry,
    private readonly hooks: SessionHooks,
  ) {}

  /** For the room that knows the tree of messages: called at its start. */
  showBranchesThrough(showBranch: ShowBranch): void {
    this.hooks.showBranchesThrough(showBranch);
  }

  async create(userId: Types.ObjectId, title?: string): Promise<ChatSession> {
    const session = await this.transactions.run(async () => {
      const created = await this.sessions.create(userId, title ?? LIMITS.sessionTitle.default);
      await this.hooks.titled(created);
      return created;
    });
    this.changes.announce(userId);
    return toChatSession(session);
  }

  async get(userId: Types.ObjectId, id: Types.ObjectId): Promise<ChatSession> {
    return toChatSession(found(await this.sessions.findLive(userId, id)));
  }

  /**
   * @param messageId the message whose branch is to be shown.
   * @throws a 400 for a model that there is not, a 404 for a folder or message that there is not.
   */
  async update(
    userId: Types.ObjectId,
    id: Types.ObjectId,
    settings: SessionSettings,
    messageId?: Types.ObjectId,
  ): Promise<ChatSession> {
    const { model, folder_id: folderId } = settings;
    if (typeof model === 'string' && this.models.resolve(model) === undefined) {
      throw invalidField('/model', 'There is no such model: GET /assistants/models lists them.');
    }
    const isAlone =
      messageId === undefined && settings.title === undefined && (folderId ?? null) === null;
    const session = isAlone
      ? await this.sessions.update(userId, id, settings)
      : await this.transactions.run(async () => {
          // The folder first, as its deletion does, which then moves the sessions in it.
          if (folderId) await this.hooks.claimFolder(userId, folderId);
          const updated = found(await this.sessions.update(userId, id, settings));
          if (settings.title !== undefined) await this.hooks.titled(updated);
          if (messageId === undefined) return updated;
          await this.hooks.showBranch(userId, id, messageId);
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
      await this.hooks.deleted(userId, [id], now);
    });
    this.changes.announce(userId);
  }

  async restore(userId: Types.ObjectId, id: Types.ObjectId): Promise<ChatSession> {
    const session = await this.transactions.run(async () => {
      const restored = found(await this.sessions.restore(userId, id));
      await this.hooks.restored(userId, [id]);
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
