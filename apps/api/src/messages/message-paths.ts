import { segmentsTo, type Segment } from '@chat/conversation';
import type { SortOrder } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import type { Position } from '../common/paging/cursor.js';
import { rowsToRead, toPage, type Page, type PageRequest } from '../common/paging/page.js';
import type { SessionTree } from '../sessions/sessions.repository.js';
import { BranchesRepository, NO_BRANCHES, type SessionBranches } from './branches.repository.js';
import type { StoredMessage } from './message.schema.js';
import { MessagesRepository, type MessageNode, type MessageScope } from './messages.repository.js';

export interface PathRequest extends PageRequest {
  readonly order: SortOrder;
}

/** How many segments of a path are read at once: few where the first is likely to be enough. */
const FIRST_SEGMENTS = 1;
const MOST_SEGMENTS = 16;
/** How many messages are read at once on the way back to the root. */
const FIRST_PAGE = 32;
const LARGEST_PAGE = 256;

/** How many are read at once while a question is stored: they fill a small context window. */
const AHEAD_PAGE = 128;
/** How many at most: whether the question can be stored at all is not known yet. */
const AHEAD_MOST = 256;

/** The newest live messages of the branch that a session shows, and the end that they lead to. */
export interface ShownEnd extends Page<StoredMessage> {
  readonly tipId: Types.ObjectId | null;
}

/** Reads the tree of a session: paths, and the versions of messages. */
@Injectable()
export class MessagePaths {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly branches: BranchesRepository,
  ) {}

  branchesOf(scope: MessageScope): Promise<SessionBranches> {
    return this.branches.ofSession(scope);
  }

  /** The live messages of the path into a branch, or of the part of it that ends with `leaf`. */
  async page(
    scope: MessageScope,
    branches: SessionBranches,
    branchId: Types.ObjectId | null,
    request: PathRequest & { readonly leaf?: MessageNode },
  ): Promise<Page<StoredMessage>> {
    const upto = request.leaf?.created_at.getTime();
    const path = segmentsTo(branches.byId, branchId?.toHexString() ?? null, upto);
    const segments = segmentsBehind(path, request.order, request.after);
    const wanted = rowsToRead(request);
    const rows: StoredMessage[] = [];
    for (let at = 0, size = FIRST_SEGMENTS; at < segments.length; at += size, size = grown(size)) {
      if (wanted > 0 && rows.length >= wanted) break;
      const parts = await Promise.all(
        segments.slice(at, at + size).map((segment) =>
          this.messages.stretch(scope, segment, {
            order: request.order,
            after: request.after,
            rows: wanted,
          }),
        ),
      );
      for (const part of parts) for (const row of part) rows.push(row);
    }
    const read = wanted > 0 ? rows.slice(0, wanted) : rows;
    return toPage(read, request, (row) => row.created_at);
  }

  /**
   * The live messages of the path into a branch on either side of one, each side beginning beside it.
   *
   * @param limit of both sides and the message together.
   * @returns undefined where the message is not on that path.
   */
  async around(
    scope: MessageScope,
    branches: SessionBranches,
    branchId: Types.ObjectId | null,
    { message, limit }: { readonly message: StoredMessage; readonly limit: number },
  ): Promise<{ older: Page<StoredMessage>; newer: Page<StoredMessage> } | undefined> {
    const time = message.created_at.getTime();
    const own = message.branch_id?.toHexString() ?? null;
    const isOnPath = segmentsTo(branches.byId, branchId?.toHexString() ?? null).some(
      (segment) => segment.branchId === own && time <= (segment.upto ?? Infinity),
    );
    if (!isOnPath) return undefined;
    const after: Position = { time: message.created_at, id: message._id };
    const before = Math.floor((limit - 1) / 2);
    const [older, newer] = await Promise.all([
      this.page(scope, branches, branchId, { order: 'desc', limit: before, after }),
      this.page(scope, branches, branchId, { order: 'asc', limit: limit - 1 - before, after }),
    ]);
    return { older, newer };
  }

  /**
   * What `newestFirst` of a message that is about to follow the shown branch begins with.
   *
   * @param fits is told of every message in turn; where one is too much, no more pages are read.
   */
  async shownEnd(
    scope: MessageScope,
    tree: SessionTree,
    fits: (message: StoredMessage) => boolean,
  ): Promise<ShownEnd> {
    const branches = tree.branched ? await this.branchesOf(scope) : NO_BRANCHES;
    const rows: StoredMessage[] = [];
    let after: Position | undefined;
    do {
      const page: Page<StoredMessage> = await this.page(scope, branches, tree.tip_branch_id, {
        order: 'desc',
        limit: AHEAD_PAGE,
        after,
      });
      rows.push(...page.rows);
      after = page.next;
      if (!page.rows.every(fits)) break;
    } while (after !== undefined && rows.length < AHEAD_MOST);
    return { tipId: tree.tip_id, rows, next: after };
  }

  /**
   * The live messages from this one back to the root, newest first, itself among them where it is
   * live: in pages, because a promise for each message would take longer than what is done with it.
   * They are read while they are asked for, so that whoever stops early has read no more.
   *
   * @param ahead what was read before `from` was stored; it counts where `from` followed it.
   */
  async *newestFirst(
    scope: MessageScope,
    from: StoredMessage,
    ahead?: ShownEnd,
  ): AsyncIterable<readonly StoredMessage[]> {
    let limit = FIRST_PAGE;
    let after: Position | undefined;
    if (ahead !== undefined && follows(from, ahead)) {
      // What was read may be younger than the tip that it was read for.
      yield [from, ...ahead.rows.filter(({ created_at }) => created_at < from.created_at)];
      if (ahead.next === undefined) return;
      after = ahead.next;
      limit = LARGEST_PAGE;
    }
    const branches = from.branch_id === null ? NO_BRANCHES : await this.branchesOf(scope);
    do {
      const page: Page<StoredMessage> = await this.page(scope, branches, from.branch_id, {
        order: 'desc',
        limit,
        after,
        leaf: from,
      });
      yield page.rows;
      after = page.next;
      limit = Math.min(limit * 2, LARGEST_PAGE);
    } while (after !== undefined);
  }

  /**
   * The versions of each of these messages: the ids of the live ones with the same parent, and its
   * own, oldest first; by id.
   */
  async siblings(
    scope: MessageScope,
    { forks }: SessionBranches,
    rows: readonly MessageNode[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const parents = new Map<string | null, Types.ObjectId | null>();
    for (const { parent_id } of rows) {
      const key = parent_id?.toHexString() ?? null;
      if (forks.has(key)) parents.set(key, parent_id);
    }
    const live =
      parents.size === 0 ? [] : await this.messages.children(scope, [...parents.values()]);
    const byParent = new Map<string | null, MessageNode[]>();
    for (const child of live) {
      const key = child.parent_id?.toHexString() ?? null;
      byParent.set(key, [...(byParent.get(key) ?? []), child]);
    }
    return new Map(
      rows.map((row) => {
        const others = byParent.get(row.parent_id?.toHexString() ?? null) ?? [];
        return [row._id.toHexString(), withItself(others, row)];
      }),
    );
  }
}

function follows({ parent_id }: MessageNode, { tipId }: ShownEnd): boolean {
  return parent_id !== null && tipId !== null && parent_id.equals(tipId);
}

/** A deleted message is no live version of itself, but stands where it would be one. */
function withItself(versions: readonly MessageNode[], row: MessageNode): string[] {
  const nodes = versions.some(({ _id }) => _id.equals(row._id))
    ? versions
    : [...versions, row].sort((a, b) => a.created_at.getTime() - b.created_at.getTime());
  return nodes.map(({ _id }) => _id.toHexString());
}

/** Those segments that hold anything behind a position, in the order they are listed. */
function segmentsBehind(
  path: readonly Segment[],
  order: SortOrder,
  after: Position | undefined,
): Segment[] {
  const time = after?.time.getTime();
  const behind = path.filter(({ upto }, i) => {
    if (time === undefined) return true;
    if (order === 'asc') return upto === undefined || upto >= time;
    // All of a segment is later than the end of the one before.
    const from = path[i - 1]?.upto;
    return from === undefined || from < time;
  });
  return order === 'asc' ? behind : behind.reverse();
}

function grown(size: number): number {
  return Math.min(size * 4, MOST_SEGMENTS);
}
