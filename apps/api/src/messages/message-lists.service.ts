import type { BranchView, DeletedMessage, ListedMessage, SortOrder } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { decodeCursor, encodeCursor } from '../common/paging/cursor.js';
import type { Page } from '../common/paging/page.js';
import { notFound } from '../common/problem/problem.exception.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { NO_BRANCHES, type SessionBranches } from './branches.repository.js';
import { MessagePaths, type PathRequest } from './message-paths.js';
import type { StoredMessage } from './message.schema.js';
import { MessagesRepository, type MessageScope } from './messages.repository.js';
import { MessagesService } from './messages.service.js';
import { RecentPages } from './recent-pages.js';
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

/** A page with others on both sides of it. */
export interface PageBetween<Row> {
  readonly rows: Row[];
  /** Where the list goes on in the order that was asked for. */
  readonly next?: string;
  /** Where it goes on in the other order. */
  readonly prev?: string;
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
    private readonly recent: RecentPages,
    private readonly transactions: Transactions,
  ) {}

  /** @throws a 404 for an unknown session or leaf, a 400 for a cursor of another list. */
  async list(scope: MessageScope, query: MessageListQuery): Promise<NamedPage<Listed>> {
    const { view, order } = query;
    const name = listOf(scope, order);
    if (view === 'active') return this.active(scope, query);
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
   * A page of the path that the session shows, with one message in its middle.
   *
   * @throws a 404 where the message is not live and on that path.
   */
  async around(
    scope: MessageScope,
    id: Types.ObjectId,
    { order, limit }: { readonly order: SortOrder; readonly limit: number },
  ): Promise<PageBetween<Listed>> {
    const tree = await this.sessions.treeOf(scope.userId, scope.sessionId);
    const branches = tree.branched ? await this.paths.branchesOf(scope) : NO_BRANCHES;
    const message = await this.messages.findLive(scope, id);
    if (message === null) throw notFound();
    const request = { message, limit };
    const sides = await this.paths.around(scope, branches, tree.tip_branch_id, request);
    if (sides === undefined) throw notFound();
    const { older, newer } = sides;
    const stored = [...older.rows.toReversed(), message, ...newer.rows];
    const list = (way: SortOrder): string => listOfBranch(scope, way, tree.tip_branch_id);
    const { rows } = await this.answer(scope, list(order), branches, { rows: stored });
    const ends = {
      asc: newer.next && encodeCursor(list('asc'), newer.next),
      desc: older.next && encodeCursor(list('desc'), older.next),
    };
    return order === 'asc'
      ? { rows, next: ends.asc, prev: ends.desc }
      : { rows: rows.reverse(), next: ends.desc, prev: ends.asc };
  }

  /**
   * The path that the session shows: what is asked for again and again, so its pages are kept while
   * nothing changes.
   *
   * The name of the list holds the branch and not its end: a cursor is good while the branch
   * grows, and refused after another one is shown.
   */
  private async active(scope: MessageScope, query: MessageListQuery): Promise<NamedPage<Listed>> {
    const tree = await this.sessions.treeOf(scope.userId, scope.sessionId);
    const branchId = tree.tip_branch_id;
    const list = listOfBranch(scope, query.order, branchId);
    const read = async (): Promise<NamedPage<Listed>> => {
      const branches = tree.branched ? await this.paths.branchesOf(scope) : NO_BRANCHES;
      const page = await this.paths.page(scope, branches, branchId, pageOf(list, query));
      return this.answer(scope, list, branches, page);
    };
    // Without one moment at which all of a change is seen, its number can be seen before the rest.
    if (!this.transactions.areSeenAtOnce) return read();
    const { limit = '', cursor = '' } = query;
    const question = `${list} ${limit} ${cursor}`;
    return this.recent.page(scope.sessionId, tree.change_number, question, read, isSettled);
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

function listOf({ sessionId }: MessageScope, order: SortOrder): string {
  return `messages/${sessionId.toHexString()}/${order}`;
}

function listOfBranch(
  scope: MessageScope,
  order: SortOrder,
  branchId: Types.ObjectId | null,
): string {
  const list = listOf(scope, order);
  return branchId === null ? list : `${list}/branch/${branchId.toHexString()}`;
}

function pageOf(list: string, { order, limit, cursor }: MessageListQuery): PathRequest {
  const after = cursor === undefined ? undefined : decodeCursor(list, cursor);
  return { order, limit, after };
}

/** The text of a reply that is being written grows without a change of its session. */
function isSettled({ rows }: NamedPage<Listed>): boolean {
  return rows.every(({ status }) => status !== 'streaming');
}
