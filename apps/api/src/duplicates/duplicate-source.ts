import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import type { Position } from '../common/paging/cursor.js';
import type { Page } from '../common/paging/page.js';
import { notFound, ProblemException } from '../common/problem/problem.exception.js';
import { Ancestry } from '../messages/ancestry.js';
import { NO_BRANCHES } from '../messages/branches.repository.js';
import { MessagePaths } from '../messages/message-paths.js';
import type { StoredRevision } from '../messages/message-revision.schema.js';
import type { StoredMessage } from '../messages/message.schema.js';
import { MessagesRepository, type MessageScope } from '../messages/messages.repository.js';
import { MessagesService } from '../messages/messages.service.js';
import { RevisionsRepository } from '../messages/revisions.repository.js';
import type { DraftMessage } from '../messages/session-draft.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import type { StoredSession } from '../sessions/session.schema.js';

/** How many messages are read at once: those of the largest still fit into memory many times. */
const PAGE = 100;

/** A session as it is read to be copied. */
export interface OpenedSource {
  readonly session: StoredSession;
  /** Parents before their children. */
  readonly messages: AsyncIterable<DraftMessage>;
}

type ReadPage = (after: Position | undefined) => Promise<Page<StoredMessage>>;
type ParentOf = (message: StoredMessage) => string | null;

/** Reads live sessions as drafts of others. */
@Injectable()
export class DuplicateSource {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
    private readonly paths: MessagePaths,
    private readonly service: MessagesService,
    private readonly revisions: RevisionsRepository,
  ) {}

  /**
   * @param until the end of the path to read; the whole live tree when absent.
   * @throws a 404 where the session or the message is no live one of this user.
   */
  async open(scope: MessageScope, until?: Types.ObjectId): Promise<OpenedSource> {
    const session = await this.sessions.findLive(scope.userId, scope.sessionId);
    if (session === null) throw notFound();
    const branches = session.branched ? await this.paths.branchesOf(scope) : NO_BRANCHES;
    if (until === undefined) {
      const tree = new Ancestry(branches.byId);
      const read: ReadPage = (after) =>
        this.messages.list(scope, { deleted: false, order: 'asc', limit: PAGE, after });
      return { session, messages: this.drafts(scope, read, (message) => tree.add(message)) };
    }
    const leaf = await this.messages.findLive(scope, until);
    if (leaf === null) throw notFound();
    const read: ReadPage = (after) =>
      this.paths.page(scope, branches, leaf.branch_id, { order: 'asc', limit: PAGE, after, leaf });
    let last: string | null = null;
    const followsLast: ParentOf = ({ _id }) => {
      const parent = last;
      last = _id.toHexString();
      return parent;
    };
    return { session, messages: this.drafts(scope, read, followsLast) };
  }

  private async *drafts(
    { userId }: MessageScope,
    read: ReadPage,
    parentOf: ParentOf,
  ): AsyncIterable<DraftMessage> {
    let after: Position | undefined;
    do {
      const page = await read(after);
      const rows = await this.service.withTextSoFar(page.rows);
      const edited = rows.filter(({ edited_at }) => edited_at !== null).map(({ _id }) => _id);
      const revisions = await this.revisions.ofMessages(userId, edited);
      for (const row of rows) {
        yield draftOf(row, parentOf(row), revisions.get(row._id.toHexString()) ?? []);
      }
      after = page.next;
    } while (after !== undefined);
  }
}

function draftOf(
  message: StoredMessage,
  parentId: string | null,
  revisions: readonly StoredRevision[],
): DraftMessage {
  const { _id, user_id, reactions, status } = message;
  return {
    id: _id.toHexString(),
    parentId,
    role: message.role,
    content: message.content,
    created_at: message.created_at,
    edited_at: message.edited_at,
    model: message.model,
    finish_reason: message.finish_reason,
    usage: message.usage,
    reasoning: message.reasoning,
    ...(status === 'streaming'
      ? { status: 'interrupted', error: stillWritten(message) }
      : { status, error: message.error }),
    reactions: ((reactions as StoredMessage['reactions'] | undefined) ?? [])
      .filter(({ users }) => users.some((user) => user.equals(user_id)))
      .map(({ emoji }) => emoji),
    revisions: revisions.map(({ revision, content, created_at }) => ({
      revision,
      content,
      createdAt: created_at,
    })),
  };
}

function stillWritten({ session_id, _id }: StoredMessage): StoredMessage['error'] {
  return new ProblemException('reply-interrupted', {
    detail:
      'This reply was still being written when its session was copied. What had arrived is kept; continue the reply.',
  }).toProblem(`/chat/sessions/${session_id.toHexString()}/messages/${_id.toHexString()}`);
}
