import type { Message, MessageRole } from '@chat/shared-types';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Types } from 'mongoose';
import { KeyedQueue } from '../common/concurrency/keyed-queue.js';
import { Idempotency, type Outcome } from '../common/idempotency/idempotency.js';
import { notFound } from '../common/problem/problem.exception.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionChanges } from '../sessions/session-changes.js';
import { SessionsRepository, type SessionTree } from '../sessions/sessions.repository.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { StoredMessage } from './message.schema.js';
import { MessageTree } from './message-tree.js';
import { MessagesRepository, type MessageScope } from './messages.repository.js';
import { RevisionsRepository } from './revisions.repository.js';
import { toMessage } from './to-message.js';

export interface NewMessage {
  readonly content: string;
  readonly role: MessageRole;
  /** The message to go on from; the end of the branch shown when absent, null for the root. */
  readonly parentId?: Types.ObjectId | null;
}

/** The text of a reply that is being written. */
export interface TextSoFar {
  readonly content: string;
  readonly reasoning: string | null;
}

/** What the room that writes replies adds to this one, which does not know it. */
export interface ReplyHooks {
  /** The text of these messages of status `streaming`, by id; without those that have just ended. */
  textSoFar(running: readonly StoredMessage[]): Promise<ReadonlyMap<string, TextSoFar>>;
  /** Runs in the transaction that deletes a message, after it went to the trash. */
  messageDeleted(scope: MessageScope, id: Types.ObjectId): Promise<void>;
}

const NO_REPLIES: ReplyHooks = {
  textSoFar: () => Promise.resolve(new Map()),
  messageDeleted: () => Promise.resolve(),
};

/**
 * What an owner may do with the messages of a session. The session's count and last activity
 * change in the same transaction, always the session first: whoever changes two documents takes
 * them in one order, so that nobody waits for each other.
 */
@Injectable()
export class MessagesService implements OnModuleInit {
  /**
   * Sends to one session would only make each other's transactions start again; waiting here is
   * cheaper. Correctness does not depend on it: another process has a queue of its own.
   */
  private readonly queue = new KeyedQueue();
  private hooks = NO_REPLIES;

  constructor(
    private readonly messages: MessagesRepository,
    private readonly revisions: RevisionsRepository,
    private readonly tree: MessageTree,
    private readonly sessions: SessionsRepository,
    private readonly sessionsService: SessionsService,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly changes: SessionChanges,
  ) {}

  onModuleInit(): void {
    this.sessionsService.showBranchesThrough((userId, sessionId, messageId) =>
      this.tree.show({ userId, sessionId }, messageId),
    );
  }

  /** For the room that writes replies: called at its start. */
  connectReplies(hooks: ReplyHooks): void {
    this.hooks = hooks;
  }

  /** Runs work on one session one after the other within this process. */
  exclusively<T>(sessionId: Types.ObjectId, work: () => Promise<T>): Promise<T> {
    return this.queue.run(sessionId.toHexString(), work);
  }

  /** @param idempotencyKey a repetition with the same key answers the first result. */
  async send(
    scope: MessageScope,
    message: NewMessage,
    idempotencyKey?: string,
  ): Promise<Outcome<Message>> {
    const { userId, sessionId } = scope;
    const outcome = await this.exclusively(sessionId, async () => {
      if (idempotencyKey === undefined) {
        const value = await this.transactions.run(() => this.store(scope, message));
        return { value, replayed: false };
      }
      const request = {
        userId,
        scope: `POST /chat/sessions/${sessionId.toHexString()}/messages`,
        key: idempotencyKey,
        body: message,
      };
      return this.idempotency.once(request, () => this.store(scope, message));
    });
    if (!outcome.replayed) this.changes.announce(userId);
    return outcome;
  }

  delete(scope: MessageScope, id: Types.ObjectId): Promise<void> {
    return this.changeWithCount(scope, -1, async (tree) => {
      const now = new Date();
      const gone = await this.messages.softDelete(scope, id, now);
      if (gone === null) throw notFound();
      await this.revisions.follow(scope.userId, id, now);
      await this.tree.afterDeletion(scope, tree, gone);
      await this.hooks.messageDeleted(scope, id);
    });
  }

  async restore(scope: MessageScope, id: Types.ObjectId): Promise<Message> {
    const restored = await this.changeWithCount(scope, 1, async (tree) => {
      const message = await this.messages.restore(scope, id);
      if (message === null) throw notFound();
      await this.revisions.follow(scope.userId, id, null);
      await this.tree.afterRestoring(scope, tree);
      return message;
    });
    const [message = restored] = await this.withTextSoFar([restored]);
    return toMessage(message);
  }

  /** The same messages, those that are being written with all of their text so far. */
  async withTextSoFar(messages: readonly StoredMessage[]): Promise<readonly StoredMessage[]> {
    const running = messages.filter(({ status }) => status === 'streaming');
    if (running.length === 0) return messages;
    const texts = await this.hooks.textSoFar(running);
    return messages.map((message) => {
      const text = texts.get(message._id.toHexString());
      return text === undefined ? message : Object.assign({}, message, text);
    });
  }

  /**
   * A message to go on from.
   *
   * @returns undefined for undefined, null for the root.
   * @throws a 404 where there is no such live message in the session.
   */
  async parentOf(
    scope: MessageScope,
    parentId: Types.ObjectId | null | undefined,
  ): Promise<StoredMessage | null | undefined> {
    if (parentId === undefined || parentId === null) return parentId;
    const parent = await this.messages.findLive(scope, parentId);
    if (parent === null) throw notFound();
    return parent;
  }

  private async store(
    scope: MessageScope,
    { content, role, parentId }: NewMessage,
  ): Promise<Message> {
    const _id = new Types.ObjectId();
    const { stored } = await this.tree.append(scope, {
      parent: await this.parentOf(scope, parentId),
      ids: [_id],
      drafts: () => [{ _id, content, role }],
    });
    const [message] = stored;
    if (message === undefined) throw new Error('One message was to be stored');
    return toMessage(message);
  }

  private async changeWithCount<T>(
    scope: MessageScope,
    by: 1 | -1,
    change: (tree: SessionTree) => Promise<T>,
  ): Promise<T> {
    const { userId, sessionId } = scope;
    const result = await this.exclusively(sessionId, () =>
      this.transactions.run(async () => {
        const tree = await this.sessions.changeCount(userId, sessionId, by);
        if (tree === null) throw notFound();
        return change(tree);
      }),
    );
    this.changes.announce(userId);
    return result;
  }
}
