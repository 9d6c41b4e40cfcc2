import type { BranchView } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Position } from '../common/paging/cursor.js';
import type { Page } from '../common/paging/page.js';
import { toPage } from '../common/paging/page.js';
import { notFound } from '../common/problem/problem.exception.js';
import { NO_BRANCHES, type SessionBranches } from '../messages/branches.repository.js';
import { MessagePaths } from '../messages/message-paths.js';
import type { StoredMessage } from '../messages/message.schema.js';
import { MessagesRepository, type MessageScope } from '../messages/messages.repository.js';
import { MessagesService } from '../messages/messages.service.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import type { StoredSession } from '../sessions/session.schema.js';
import { Ancestry } from '../messages/ancestry.js';
import { BatchSize } from './batch-size.js';
import type { Conversation, Turn } from './turn.js';

type Read = (after: Position | undefined, limit: number) => Promise<Page<StoredMessage>>;

/** Reads live sessions for the formats, a page of messages at a time. */
@Injectable()
export class ConversationReader {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
    private readonly paths: MessagePaths,
    private readonly service: MessagesService,
  ) {}

  /**
   * @param view one path, or every branch after the other.
   * @throws a 404 where this user has no such live session.
   */
  async open(scope: MessageScope, view: BranchView): Promise<Conversation> {
    const session = await this.found(scope);
    const turns = view === 'active' ? this.path(scope, session) : this.everyBranch(scope, session);
    return { session, turns };
  }

  /**
   * The whole live tree by time, parents before their children.
   *
   * @throws a 404 where this user has no such live session.
   */
  async openTree(scope: MessageScope): Promise<Conversation> {
    const session = await this.found(scope);
    return { session, turns: this.tree(scope, session) };
  }

  /** The path that a session shows, which need not be live. */
  async *path(scope: MessageScope, session: StoredSession): AsyncIterable<Turn> {
    const leaf =
      session.active_message_id === null
        ? null
        : await this.messages.findAny(scope.userId, session.active_message_id);
    if (leaf === null) return;
    const branches = await this.branchesOf(scope, session);
    const pages = this.pages((after, limit) =>
      this.paths.page(scope, branches, session.tip_branch_id, {
        order: 'asc',
        limit,
        after,
        leaf,
      }),
    );
    let parentId: string | null = null;
    for await (const rows of pages) {
      for (const message of rows) {
        yield { number: null, message, parentId, version: null };
        parentId = message._id.toHexString();
      }
    }
  }

  private async *tree(scope: MessageScope, session: StoredSession): AsyncIterable<Turn> {
    const ancestry = new Ancestry((await this.branchesOf(scope, session)).byId);
    const pages = this.pages((after, limit) =>
      this.messages.list(scope, { deleted: false, order: 'asc', limit, after }),
    );
    for await (const rows of pages) {
      for (const message of rows) {
        yield { number: null, message, parentId: ancestry.add(message), version: null };
      }
    }
  }

  private async *everyBranch(scope: MessageScope, session: StoredSession): AsyncIterable<Turn> {
    const branches = await this.branchesOf(scope, session);
    const branched = branches.byId.size > 0;
    const ancestry = new Ancestry(branches.byId);
    const numbers = new Map<string, number>();
    let number = 0;
    for (const branchId of [null, ...branches.byId.keys()]) {
      let isFirst = branchId !== null;
      for await (const rows of this.pages((after, limit) =>
        this.stretch(scope, branchId, limit, after),
      )) {
        const siblings = await this.paths.siblings(scope, branches, rows);
        for (const message of rows) {
          const id = message._id.toHexString();
          const parentId = ancestry.add(message);
          number += 1;
          if (branched) numbers.set(id, number);
          const beginsAfter = parentId === null ? null : (numbers.get(parentId) ?? null);
          yield {
            number: branched ? number : null,
            message,
            parentId,
            version: versionOf(id, siblings.get(id)),
            ...(isFirst ? { beginsAfter } : {}),
          };
          isFirst = false;
        }
      }
    }
  }

  private async stretch(
    scope: MessageScope,
    branchId: string | null,
    limit: number,
    after: Position | undefined,
  ): Promise<Page<StoredMessage>> {
    const read = { order: 'asc', rows: limit + 1, after } as const;
    const rows = await this.messages.stretch(scope, { branchId }, read);
    return toPage(rows, { limit }, (row) => row.created_at);
  }

  private async *pages(read: Read): AsyncIterable<readonly StoredMessage[]> {
    const size = new BatchSize();
    let after: Position | undefined;
    do {
      const page = await read(after, size.next);
      size.learn(page.rows);
      yield await this.service.withTextSoFar(page.rows);
      after = page.next;
    } while (after !== undefined);
  }

  private branchesOf(scope: MessageScope, session: StoredSession): Promise<SessionBranches> {
    return session.branched ? this.paths.branchesOf(scope) : Promise.resolve(NO_BRANCHES);
  }

  private async found({ userId, sessionId }: MessageScope): Promise<StoredSession> {
    const session = await this.sessions.findLive(userId, sessionId);
    if (session === null) throw notFound();
    return session;
  }
}

function versionOf(id: string, siblings: readonly string[] = []): Turn['version'] {
  return siblings.length < 2 ? null : { index: siblings.indexOf(id) + 1, of: siblings.length };
}
