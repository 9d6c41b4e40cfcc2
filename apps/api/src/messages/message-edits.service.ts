import type { Message, MessageRevision, PageQuery } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { decodeNumberCursor, encodeNumberCursor } from '../common/paging/cursor.js';
import { rowsToRead } from '../common/paging/page.js';
import { notFound, ProblemException } from '../common/problem/problem.exception.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionChanges } from '../sessions/session-changes.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { StoredMessage } from './message.schema.js';
import { MessagesRepository, type MessageScope } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { RevisionsRepository } from './revisions.repository.js';
import { toMessage } from './to-message.js';

/** Changes texts in place and keeps what they were. What is missing or foreign is one 404. */
@Injectable()
export class MessageEdits {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly revisions: RevisionsRepository,
    private readonly service: MessagesService,
    private readonly sessions: SessionsRepository,
    private readonly sessionsService: SessionsService,
    private readonly transactions: Transactions,
    private readonly changes: SessionChanges,
  ) {}

  /**
   * Gives a message another text; the same text changes nothing.
   *
   * @throws a 409 while the message is being written.
   */
  edit(scope: MessageScope, id: Types.ObjectId, content: string): Promise<Message> {
    return this.rewrite(scope, id, () => Promise.resolve(content));
  }

  /**
   * Gives a message the text of one of its revisions again; the text that it replaces becomes a
   * revision itself.
   *
   * @throws a 404 for a revision that it does not have, a 409 while the message is being written.
   */
  restore(scope: MessageScope, id: Types.ObjectId, revision: number): Promise<Message> {
    return this.rewrite(scope, id, async () => {
      const kept = await this.revisions.find(scope.userId, id, revision);
      if (kept === null) throw notFound();
      return kept.content;
    });
  }

  /**
   * What a message was, oldest first.
   *
   * @returns a page, with the cursor of the one after it where one follows.
   * @throws a 400 for a cursor of another list.
   */
  async list(
    scope: MessageScope,
    id: Types.ObjectId,
    { limit, cursor }: PageQuery,
  ): Promise<{ readonly rows: MessageRevision[]; readonly cursor?: string }> {
    const list = `revisions/${id.toHexString()}`;
    const after = cursor === undefined ? 0 : decodeNumberCursor(list, cursor);
    await this.find(scope, id);
    const read = await this.revisions.list(scope.userId, id, after, rowsToRead({ limit }));
    const shown = read.slice(0, limit);
    const last = shown.at(-1);
    return {
      rows: shown.map(({ revision, content, created_at }) => ({
        revision,
        content,
        created_at: created_at.toISOString(),
      })),
      ...(last !== undefined && shown.length < read.length
        ? { cursor: encodeNumberCursor(list, last.revision) }
        : {}),
    };
  }

  /** @param textOf what the message is to say, once it is known that it may be changed. */
  private async rewrite(
    scope: MessageScope,
    id: Types.ObjectId,
    textOf: () => Promise<string>,
  ): Promise<Message> {
    const { userId, sessionId } = scope;
    const edited = await this.service.exclusively(sessionId, () =>
      this.transactions.run(async () => {
        const message = await this.find(scope, id);
        if (message.status === 'streaming') throw new ProblemException('reply-running');
        const content = await textOf();
        if (message.content === content) return message;
        // The session first, as everybody does: nobody then waits for each other.
        await this.sessions.touch(userId, sessionId);
        await this.revisions.keep(message);
        return this.replace(scope, message, content);
      }),
    );
    this.changes.announce(userId);
    return toMessage(edited);
  }

  private async find(scope: MessageScope, id: Types.ObjectId): Promise<StoredMessage> {
    await this.sessionsService.treeOf(scope.userId, scope.sessionId);
    const message = await this.messages.findLive(scope, id);
    if (message === null) throw notFound();
    return message;
  }

  private async replace(
    { userId, sessionId }: MessageScope,
    { _id, status, attempt, kept_lengths }: StoredMessage,
    content: string,
  ): Promise<StoredMessage> {
    const seen = { session_id: sessionId, deleted: false, status, attempt };
    // Nobody may go on reading the old text: of all attempts at it nothing is kept.
    const nothingKept = Array.from({ length: attempt }, () => ({ content: 0, reasoning: 0 }));
    const edited = await this.messages.change(userId, _id, seen, {
      $set: {
        content,
        edited_at: new Date(),
        attempt: attempt === 0 ? 0 : attempt + 1,
        kept_lengths: attempt === 0 ? kept_lengths : nothingKept,
      },
    });
    if (edited === null) throw new ProblemException('conflict');
    return edited;
  }
}
