import { Injectable } from '@nestjs/common';
import { Types } from 'mongoose';
import type { StoredSession } from '../sessions/session.schema.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { MessagePaths, type ShownEnd } from './message-paths.js';
import type { StoredMessage } from './message.schema.js';
import { MessageTree, type MessageDraft } from './message-tree.js';
import { MessagesRepository, type MessageScope } from './messages.repository.js';
import { MessagesService } from './messages.service.js';

/** A reply that is about to be made. */
export interface NewReply {
  readonly id: Types.ObjectId;
  /** The model that answers, given the session as it was; what it throws undoes everything. */
  readonly model: (session: StoredSession) => string;
}

/** What becomes of a reply when it ends; what is absent stays. */
export type ReplyEnd = Pick<StoredMessage, 'status'> &
  Partial<Pick<StoredMessage, 'content' | 'reasoning' | 'finish_reason' | 'usage' | 'error'>>;

/**
 * Replies as messages, for the room that writes them. No method opens a transaction: each works in
 * that of its caller.
 */
@Injectable()
export class ReplyMessages {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly tree: MessageTree,
    private readonly paths: MessagePaths,
    private readonly sessions: SessionsRepository,
    private readonly service: MessagesService,
  ) {}

  /**
   * Stores a user's message and the reply to it, which is `streaming` and empty, and shows them.
   *
   * @param message `parentId` as in `NewMessage`.
   * @throws a 404 where the session or the parent is no live one of this owner.
   */
  async storeWithReply(
    scope: MessageScope,
    message: { readonly content: string; readonly parentId?: Types.ObjectId | null },
    reply: NewReply,
  ): Promise<{ session: StoredSession; message: StoredMessage; reply: StoredMessage }> {
    const _id = new Types.ObjectId();
    const { session, stored } = await this.tree.append(scope, {
      parent: await this.service.parentOf(scope, message.parentId),
      ids: [_id, reply.id],
      drafts: (before) => [{ _id, content: message.content, role: 'user' }, draftOf(reply, before)],
    });
    const [question, answer] = stored;
    if (question === undefined || answer === undefined) throw new Error('Two were to be stored');
    return { session, message: question, reply: answer };
  }

  /**
   * Stores a new reply, `streaming` and empty, beside another one, and shows it.
   *
   * @throws a 404 where the session is no live one of this owner.
   */
  async storeSibling(
    scope: MessageScope,
    sibling: StoredMessage,
    reply: NewReply,
  ): Promise<{ session: StoredSession; reply: StoredMessage }> {
    const { parent_id } = sibling;
    const parent = parent_id && (await this.messages.findAny(scope.userId, parent_id));
    const { session, stored } = await this.tree.append(scope, {
      parent,
      ids: [reply.id],
      drafts: (before) => [draftOf(reply, before)],
    });
    const [answer] = stored;
    if (answer === undefined) throw new Error('One reply was to be stored');
    return { session, reply: answer };
  }

  /** One live message of a live session of this owner, or null. */
  async findLive(scope: MessageScope, id: Types.ObjectId): Promise<StoredMessage | null> {
    const [session, message] = await Promise.all([
      this.sessions.findTree(scope.userId, scope.sessionId),
      this.messages.findLive(scope, id),
    ]);
    return session === null ? null : message;
  }

  /** A message of this owner whatever became of it and of its session. */
  findAny(userId: Types.ObjectId, id: Types.ObjectId): Promise<StoredMessage | null> {
    return this.messages.findAny(userId, id);
  }

  /** Reads the end of the branch that a session shows: `MessagePaths.shownEnd`. */
  readAhead(
    scope: MessageScope,
    session: StoredSession,
    fits: (message: StoredMessage) => boolean,
  ): Promise<ShownEnd> {
    return this.paths.shownEnd(scope, session, fits);
  }

  /** The live messages from this one back to the root: `MessagePaths.newestFirst`. */
  pathNewestFirst(
    scope: MessageScope,
    from: StoredMessage,
    ahead?: ShownEnd,
  ): AsyncIterable<readonly StoredMessage[]> {
    return this.paths.newestFirst(scope, from, ahead);
  }

  /**
   * Ends a reply, also one in the trash, where this attempt at it is still running: of all who try,
   * one succeeds.
   *
   * @param isRead whether somebody sees it end; its session is marked as unread otherwise.
   * @returns the message as it is then, or null where somebody else ended it.
   */
  async finishReply(
    userId: Types.ObjectId,
    id: Types.ObjectId,
    attempt: number,
    end: ReplyEnd,
    isRead: boolean,
  ): Promise<StoredMessage | null> {
    const running = { status: 'streaming', attempt } as const;
    const ended = await this.messages.change(userId, id, running, { $set: end });
    if (ended === null) return null;
    if (isRead || ended.deleted) await this.sessions.touch(userId, ended.session_id);
    else await this.sessions.markUnread(userId, ended.session_id);
    return ended;
  }

  /**
   * Makes a reply `streaming` again, its text kept: the next attempt at it.
   *
   * @param message as the caller has seen it.
   * @returns the message as it is then, or null where it changed meanwhile.
   */
  async reopenReply(
    scope: MessageScope,
    message: StoredMessage,
    model: string,
  ): Promise<StoredMessage | null> {
    const { status, attempt, content, reasoning } = message;
    if (status === 'streaming') return null;
    const seen = {
      session_id: scope.sessionId,
      deleted: false,
      role: 'assistant',
      status,
      attempt,
    } as const;
    const reopened = await this.messages.change(scope.userId, message._id, seen, {
      $set: { status: 'streaming', error: null, finish_reason: null, model, attempt: attempt + 1 },
      $push: {
        kept_lengths: { content: content.length, reasoning: reasoning?.length ?? 0 },
      },
    });
    if (reopened !== null) await this.sessions.touch(scope.userId, scope.sessionId);
    return reopened;
  }
}

function draftOf({ id, model }: NewReply, session: StoredSession): MessageDraft {
  return {
    _id: id,
    content: '',
    role: 'assistant',
    status: 'streaming',
    model: model(session),
    attempt: 1,
  };
}
