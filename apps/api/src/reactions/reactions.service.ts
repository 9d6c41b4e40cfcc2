import { LIMITS, type Message } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { notFound, ProblemException } from '../common/problem/problem.exception.js';
import type { StoredMessage, StoredReaction } from '../messages/message.schema.js';
import { MessagesRepository, type MessageScope } from '../messages/messages.repository.js';
import { MessagesService } from '../messages/messages.service.js';
import { toMessage } from '../messages/to-message.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionChanges } from '../sessions/session-changes.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { SessionsService } from '../sessions/sessions.service.js';

/** Which emoji a message has after a change of one user; the same list where nothing changes. */
type Change = (before: readonly StoredReaction[]) => readonly StoredReaction[];

/** Emoji on messages. What is missing or foreign is one 404; to do the same twice changes nothing. */
@Injectable()
export class ReactionsService {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly messagesService: MessagesService,
    private readonly sessions: SessionsRepository,
    private readonly sessionsService: SessionsService,
    private readonly transactions: Transactions,
    private readonly changes: SessionChanges,
  ) {}

  /** @throws a 409 where the message has as many kinds as it can have. */
  add(scope: MessageScope, id: Types.ObjectId, emoji: string): Promise<Message> {
    return this.change(scope, id, (before) => withReaction(before, emoji, scope.userId));
  }

  /** Takes the caller's own back, if there is one. */
  remove(scope: MessageScope, id: Types.ObjectId, emoji: string): Promise<Message> {
    return this.change(scope, id, (before) => withoutReaction(before, emoji, scope.userId));
  }

  private async change(scope: MessageScope, id: Types.ObjectId, change: Change): Promise<Message> {
    const { userId, sessionId } = scope;
    const changed = await this.messagesService.exclusively(sessionId, () =>
      this.transactions.run(async () => {
        await this.sessionsService.treeOf(userId, sessionId);
        const message = await this.messages.findLive(scope, id);
        if (message === null) throw notFound();
        const before = reactionsOf(message);
        const reactions = change(before);
        if (reactions === before) return message;
        // The session first, as everybody does: nobody then waits for each other.
        await this.sessions.touch(userId, sessionId);
        const seen = { session_id: sessionId, deleted: false };
        const set = { $set: { reactions: [...reactions] } };
        return (await this.messages.change(userId, id, seen, set)) ?? conflict();
      }),
    );
    this.changes.announce(userId);
    const [message = changed] = await this.messagesService.withTextSoFar([changed]);
    return toMessage(message);
  }
}

/** Messages that were stored before there were reactions lack the field. */
function reactionsOf({ reactions }: Partial<StoredMessage>): readonly StoredReaction[] {
  return reactions ?? [];
}

function withReaction(
  before: readonly StoredReaction[],
  emoji: string,
  user: Types.ObjectId,
): readonly StoredReaction[] {
  const same = before.find((one) => one.emoji === emoji);
  if (same === undefined) {
    if (before.length >= LIMITS.reactionsPerMessage) {
      throw new ProblemException('conflict', {
        detail: `A message has at most ${LIMITS.reactionsPerMessage} kinds of emoji. Take one away first.`,
      });
    }
    return [...before, { emoji, users: [user] }];
  }
  if (same.users.some((one) => one.equals(user))) return before;
  return before.map((one) => (one === same ? { emoji, users: [...same.users, user] } : one));
}

function withoutReaction(
  before: readonly StoredReaction[],
  emoji: string,
  user: Types.ObjectId,
): readonly StoredReaction[] {
  const same = before.find((one) => one.emoji === emoji);
  if (same?.users.some((one) => one.equals(user)) !== true) return before;
  const users = same.users.filter((one) => !one.equals(user));
  return before.flatMap((one) => (one !== same ? one : users.length > 0 ? { emoji, users } : []));
}

function conflict(): never {
  throw new ProblemException('conflict');
}
