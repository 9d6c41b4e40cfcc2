import type { BranchView, DeletedMessage, ListedMessage, SortOrder } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { decodeCursor } from '../common/paging/cursor.js';
import type { Page } from '../common/paging/page.js';
import { notFound } from '../common/problem/problem.exception.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { NO_BRANCHES, type SessionBranches } from './branches.repository.js';
import { MessagePaths, type PathRequest } from './message-paths.js';
import type { StoredMessage } from './message.schema.js';
import { MessagesRepository, type MessageScope } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { toListedMessage } from './to-message.js';

/** Which messages, in which order, and which page of them. */
export interface MessageListQuery {
  readonly view: BranchView | 'deleted' | { readonly leaf: Types.ObjectId };
  readonly order: SortOrder;
  readonly limit?: number;
  /** As the client sent it. */
  readonly cursor?: string;
}

/** A page with the name of its list, which its cursors carry. */
export interface NamedPage<Row> extends Page<Row> {
  readonly list: string;
}

type Listed = ListedMessage | DeletedMessage;

/** The lists of a session's messages. What is missing, deleted or foreign is one 404. */
@Injectable()
export class MessageLists {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly paths: MessagePaths,
    private readonly sessions: SessionsService,
    private readonly service: MessagesService,
  ) {}

  /** @throws a 404 for an unknown session or leaf, a 400 for a cursor of another list. */
  async list(scope: MessageScope, query: MessageListQuery): Promise<NamedPage<Listed>> {
    const { view, order } = query;
    const name = `messages/${scope.sessionId.toHexString()}/${order}`;
    if (view === 'active') return this.active(scope, name, query);
    const tree = await this.sessions.treeOf(scope.userId, scope.sessionId);
    const branches = tree.branched ? await this.paths.branchesOf(scope) : NO_BRANCHES;
    if (typeof view === 'string') {
      const list = `${name}/${view}`;
      const request = { deleted: view === 'deleted', ...pageOf(list, query) };
      const page = await this.messages.list(scope, request);
      return this.answer(scope, list, branches, page);
    }
    const list = `${name}/leaf/${view.leaf.toHexString()}`;
    const request = pageOf(list, query);
    const leaf = await this.messages.findLive(scope, view.leaf);
    if (leaf === null) throw notFound();
    const page = await this.paths.page(scope, branches, leaf.branch_id, { ...request, leaf });
    return this.answer(scope, list, branches, page);
  }

  /**
   * The path that the session shows. Most sessions have no branch, so the trunk is read at once
   * with the session, and read in vain where it is not what is shown.
   *
   * The name of the list holds the branch and not its end: a cursor is good while the branch
   * grows, and refused after another one is shown.
   */
  private async active(
    scope: MessageScope,
    name: string,
    query: MessageListQuery,
  ): Promise<NamedPage<Listed>> {
    const [tree, trunk] = await Promise.all([
      this.sessions.treeOf(scope.userId, scope.sessionId),
      this.trunk(scope, name, query),
    ]);
    const branches = tree.branched ? await this.paths.branchesOf(scope) : NO_BRANCHES;
    const branchId = tree.tip_branch_id;
    if (branchId === null) {
      // Its cursor was none of the trunk: the same question tells what is wrong with it.
      const page = trunk ?? (await this.paths.page(scope, branches, null, pageOf(name, query)));
      return this.answer(scope, name, branches, page);
    }
    const list = `${name}/branch/${branchId.toHexString()}`;
    const page = await this.paths.page(scope, branches, branchId, pageOf(list, query));
    return this.answer(scope, list, branches, page);
  }

  private async trunk(
    scope: MessageScope,
    list: string,
    query: MessageListQuery,
  ): Promise<Page<StoredMessage> | undefined> {
    if (query.cursor !== undefined && !isCursorOf(list, query.cursor)) return undefined;
    return this.paths.page(scope, NO_BRANCHES, null, pageOf(list, query));
  }

  private async answer(
    scope: MessageScope,
    list: string,
    branches: SessionBranches,
    { rows, ...rest }: Page<StoredMessage>,
  ): Promise<NamedPage<Listed>> {
    const [siblings, told] = await Promise.all([
      this.paths.siblings(scope, branches, rows),
      this.service.withTextSoFar(rows),
    ]);
    const listed = told.map((row) => {
      const id = row._id.toHexString();
      return toListedMessage(row, siblings.get(id) ?? [id]);
    });
    return { list, rows: listed, ...rest };
  }
}

function pageOf(list: string, { order, limit, cursor }: MessageListQuery): PathRequest {
  const after = cursor === undefined ? undefined : decodeCursor(list, cursor);
  return { order, limit, after };
}

function isCursorOf(list: string, cursor: string): boolean {
  try {
    decodeCursor(list, cursor);
    return true;
  } catch {
    return false;
  }
}
