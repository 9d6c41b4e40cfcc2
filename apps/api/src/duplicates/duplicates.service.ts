import { indexBehind, LIMITS, type ChatSession } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import type { MessageScope } from '../messages/messages.repository.js';
import { SessionBuilder } from '../messages/session-builder.js';
import type { StoredSession } from '../sessions/session.schema.js';
import { toChatSession } from '../sessions/to-chat-session.js';
import { DuplicateSource } from './duplicate-source.js';

const MARK = ' (copy)';
/** What is left of a title's length beside it. */
const ROOM = LIMITS.sessionTitle.max - MARK.length;

/** Copies sessions and forks conversations. */
@Injectable()
export class Duplicates {
  constructor(
    private readonly source: DuplicateSource,
    private readonly builder: SessionBuilder,
  ) {}

  /**
   * @param until the message that the copy ends with, as a session of one branch; the whole live
   *   tree when absent.
   * @returns the copy, once all of it can be seen.
   * @throws a 404 where the session or the message is no live one of this user.
   */
  async duplicate(scope: MessageScope, until?: Types.ObjectId): Promise<ChatSession> {
    const { session, messages } = await this.source.open(scope, until);
    const now = new Date();
    const draft = {
      title: titleOfCopy(session.title),
      created_at: now,
      updated_at: now,
      model: session.model,
      system_prompt: session.system_prompt,
      folder_id: session.folder_id,
      tags: session.tags,
      activeId: activeIn(session, until),
    };
    const built = await this.builder.build(scope.userId, draft, messages);
    return toChatSession(built.session);
  }
}

function activeIn(session: StoredSession, until: Types.ObjectId | undefined): string | null {
  return (until ?? session.active_message_id)?.toHexString() ?? null;
}

/** Cut where it would be too long, but never within a character. */
function titleOfCopy(title: string): string {
  const kept = title.slice(0, indexBehind(title, ROOM));
  return `${kept.trimEnd()}${MARK}`;
}
