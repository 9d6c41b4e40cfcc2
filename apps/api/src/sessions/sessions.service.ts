import type { ChatSession, DeletedChatSession } from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { mapPage, type Page, type PageRequest } from '../common/paging/page.js';
import { notFound } from '../common/problem/problem.exception.js';
import type { StoredSession } from './session.schema.js';
import { SessionsRepository } from './sessions.repository.js';

/** What an owner may do with sessions. What is missing, deleted or foreign is one 404. */
@Injectable()
export class SessionsService {
  constructor(private readonly sessions: SessionsRepository) {}

  async create(userId: Types.ObjectId, title?: string): Promise<ChatSession> {
    return toChatSession(await this.sessions.create(userId, title ?? LIMITS.sessionTitle.default));
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
    return mapPage(await this.sessions.list(userId, deleted, request), toChatSession);
  }

  async rename(userId: Types.ObjectId, id: Types.ObjectId, title: string): Promise<ChatSession> {
    return toChatSession(found(await this.sessions.rename(userId, id, title)));
  }

  async delete(userId: Types.ObjectId, id: Types.ObjectId): Promise<void> {
    if (!(await this.sessions.softDelete(userId, id))) throw notFound();
  }

  async restore(userId: Types.ObjectId, id: Types.ObjectId): Promise<ChatSession> {
    return toChatSession(found(await this.sessions.restore(userId, id)));
  }

  /** @throws a 404 where this user has no such live session. */
  async assertLive(userId: Types.ObjectId, id: Types.ObjectId): Promise<void> {
    if (!(await this.sessions.isLive(userId, id))) throw notFound();
  }
}

function found(session: StoredSession | null): StoredSession {
  if (session === null) throw notFound();
  return session;
}

function toChatSession(session: StoredSession): ChatSession | DeletedChatSession {
  return {
    _id: session._id.toHexString(),
    user_id: session.user_id.toHexString(),
    title: session.title,
    message_count: session.message_count,
    last_message_at: session.last_message_at?.toISOString() ?? null,
    created_at: session.created_at.toISOString(),
    updated_at: session.updated_at.toISOString(),
    ...(session.deleted_at === null ? {} : { deleted_at: session.deleted_at.toISOString() }),
  };
}
