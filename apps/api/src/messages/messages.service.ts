import type { DeletedMessage, Message, MessageRole } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { KeyedQueue } from '../common/concurrency/keyed-queue.js';
import { Idempotency, type Outcome } from '../common/idempotency/idempotency.js';
import { mapPage, type Page } from '../common/paging/page.js';
import { notFound } from '../common/problem/problem.exception.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { StoredMessage } from './message.schema.js';
import {
  MessagesRepository,
  type MessageListRequest,
  type MessageScope,
} from './messages.repository.js';

export interface NewMessage {
  readonly content: string;
  readonly role: MessageRole;
}

/**
 * What an owner may do with the messages of a session. The session's count and last activity
 * change in the same transaction, always the session first: whoever changes two documents takes
 * them in one order, so that nobody waits for each other.
 */
@Injectable()
export class MessagesService {
  /**
   * Sends to one session would only make each other's transactions start again; waiting here is
   * cheaper. Correctness does not depend on it: another process has a queue of its own.
   */
  private readonly queue = new KeyedQueue();

  constructor(
    private readonly messages: MessagesRepository,
    private readonly sessions: SessionsRepository,
    private readonly sessionsService: SessionsService,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
  ) {}

  /** @param idempotencyKey a repetition with the same key answers the first result. */
  send(
    scope: MessageScope,
    message: NewMessage,
    idempotencyKey?: string,
  ): Promise<Outcome<Message>> {
    const { userId, sessionId } = scope;
    const session = sessionId.toHexString();
    return this.queue.run(session, async () => {
      if (idempotencyKey === undefined) {
        const value = await this.transactions.run(() => this.store(scope, message));
        return { value, replayed: false };
      }
      const request = {
        userId,
        scope: `POST /chat/sessions/${session}/messages`,
        key: idempotencyKey,
        body: message,
      };
      return this.idempotency.once(request, () => this.store(scope, message));
    });
  }

  async list(scope: MessageScope, request: MessageListRequest): Promise<Page<Message>> {
    const [, page] = await Promise.all([
      this.sessionsService.assertLive(scope.userId, scope.sessionId),
      this.messages.list(scope, request),
    ]);
    return mapPage(page, toMessage);
  }

  delete(scope: MessageScope, id: Types.ObjectId): Promise<void> {
    return this.changeWithCount(scope, -1, async () => {
      if (!(await this.messages.softDelete(scope, id))) throw notFound();
    });
  }

  restore(scope: MessageScope, id: Types.ObjectId): Promise<Message> {
    return this.changeWithCount(scope, 1, async () => {
      const message = await this.messages.restore(scope, id);
      if (message === null) throw notFound();
      return toMessage(message);
    });
  }

  private async store(scope: MessageScope, message: NewMessage): Promise<Message> {
    const { userId, sessionId } = scope;
    const now = new Date();
    const before = await this.sessions.recordMessage(userId, sessionId, now);
    if (before === null) throw notFound();
    const createdAt = laterThan(before.last_message_at, now);
    if (createdAt !== now) await this.sessions.moveActivity(userId, sessionId, createdAt);
    return toMessage(await this.messages.create(scope, { ...message, created_at: createdAt }));
  }

  private changeWithCount<T>(
    scope: MessageScope,
    by: 1 | -1,
    change: () => Promise<T>,
  ): Promise<T> {
    return this.queue.run(scope.sessionId.toHexString(), () =>
      this.transactions.run(async () => {
        if (!(await this.sessions.changeCount(scope.userId, scope.sessionId, by))) {
          throw notFound();
        }
        return change();
      }),
    );
  }
}

/** `now`, or one millisecond after `last` where the clock has not moved on (or went back). */
function laterThan(last: Date | null, now: Date): Date {
  return last === null || last < now ? now : new Date(last.getTime() + 1);
}

function toMessage(message: StoredMessage): Message | DeletedMessage {
  return {
    _id: message._id.toHexString(),
    session_id: message.session_id.toHexString(),
    user_id: message.user_id.toHexString(),
    content: message.content,
    role: message.role,
    created_at: message.created_at.toISOString(),
    ...(message.deleted_at === null ? {} : { deleted_at: message.deleted_at.toISOString() }),
  };
}
