import type { TrashedMessage, TrashedSession, TrashEntry } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import type { Position } from '../common/paging/cursor.js';
import { mapPage, rowsToRead, toPage, type Page, type PageRequest } from '../common/paging/page.js';
import { LeftoversService } from '../leftovers/leftovers.service.js';
import { LeftoversSweeper } from '../leftovers/leftovers.sweeper.js';
import { NO_BRANCHES } from '../messages/branches.repository.js';
import { MessagePaths } from '../messages/message-paths.js';
import { MessageRemoval } from '../messages/message-removal.repository.js';
import { toListedMessage } from '../messages/to-message.js';
import { MessagesService } from '../messages/messages.service.js';
import { Transactions } from '../persistence/transactions.js';
import { toChatSession } from '../sessions/to-chat-session.js';
import { TrashRetention } from './trash-retention.js';
import {
  TrashRepository,
  type SessionHeading,
  type TrashedMessageRow,
  type TrashedSessionRow,
} from './trash.repository.js';

/** How many messages are read at once while those of sessions in the trash are left out. */
const MESSAGES_AT_ONCE = 100;
/** How many sessions are removed in one transaction. */
const SESSIONS_AT_ONCE = 100;

interface MessageInTrash {
  readonly row: TrashedMessageRow;
  readonly heading: SessionHeading;
}

type Entry = Pick<TrashedSessionRow, '_id' | 'deleted_at'> & {
  readonly session?: TrashedSessionRow;
  readonly message?: MessageInTrash;
};

/** What a user has deleted and can still have back. */
@Injectable()
export class TrashService {
  constructor(
    private readonly trash: TrashRepository,
    private readonly retention: TrashRetention,
    private readonly paths: MessagePaths,
    private readonly messages: MessagesService,
    private readonly removal: MessageRemoval,
    private readonly leftovers: LeftoversService,
    private readonly sweeper: LeftoversSweeper,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Sessions, and messages whose session is not in the trash itself: what was deleted last comes
   * first.
   */
  async list(userId: Types.ObjectId, request: PageRequest): Promise<Page<TrashEntry>> {
    const sessions = await this.trash.trashedSessions(userId, request);
    const messages = await this.reachable(userId, request);
    const entries = [
      ...sessions.map((session): Entry => ({ ...keyOf(session), session })),
      ...messages.map((message): Entry => ({ ...keyOf(message.row), message })),
    ].sort(newestFirst);
    const page = toPage(entries, request, ({ deleted_at }) => deleted_at);
    const told = await this.tellMessages(
      userId,
      page.rows.flatMap(({ message }) => message ?? []),
    );
    return mapPage(page, ({ _id, session }) => {
      const entry = session === undefined ? told.get(_id.toHexString()) : this.tellSession(session);
      if (entry === undefined) throw new Error('An entry of the trash is neither of the two.');
      return entry;
    });
  }

  /** Removes everything in the trash for good. What is restored at the same moment stays. */
  async empty(userId: Types.ObjectId): Promise<void> {
    while (await this.removeSomeSessions(userId));
    await this.removal.removeTrashed(userId);
    // Nobody can see what is left of the sessions, so nobody waits for its end.
    void this.sweeper.sweepNow(userId);
  }

  /** @returns whether there may be more of them. */
  private removeSomeSessions(userId: Types.ObjectId): Promise<boolean> {
    return this.transactions.run(async () => {
      const ids = await this.trash.someTrashedSessions(userId, SESSIONS_AT_ONCE);
      await this.leftovers.expectAll(userId, ids, new Date());
      await this.trash.deleteSessions(userId, ids);
      return ids.length === SESSIONS_AT_ONCE;
    });
  }

  /** As many messages as a page may need, without those whose session is in the trash or gone. */
  private async reachable(userId: Types.ObjectId, request: PageRequest): Promise<MessageInTrash[]> {
    const wanted = rowsToRead(request);
    const found: MessageInTrash[] = [];
    let after: Position | undefined = request.after;
    for (;;) {
      const rows = await this.trash.trashedMessages(userId, { limit: MESSAGES_AT_ONCE, after });
      const headings = await this.headingsOf(userId, rows);
      for (const row of rows) {
        const heading = headings.get(row.session_id.toHexString());
        if (heading !== undefined) found.push({ row, heading });
      }
      const last = rows.at(-1);
      const isEnough = wanted > 0 && found.length >= wanted;
      if (last === undefined || rows.length < MESSAGES_AT_ONCE || isEnough) return found;
      after = { time: last.deleted_at, id: last._id };
    }
  }

  private async headingsOf(
    userId: Types.ObjectId,
    rows: readonly TrashedMessageRow[],
  ): Promise<ReadonlyMap<string, SessionHeading>> {
    const ids = new Map(rows.map(({ session_id }) => [session_id.toHexString(), session_id]));
    if (ids.size === 0) return new Map();
    const live = await this.trash.liveAmong(userId, [...ids.values()]);
    return new Map(live.map((heading) => [heading._id.toHexString(), heading]));
  }

  private tellSession(session: TrashedSessionRow): TrashedSession {
    const { deleted_at } = session;
    return {
      type: 'session',
      session: { ...toChatSession(session), deleted_at: deleted_at.toISOString() },
      ...this.timesOf(deleted_at),
    };
  }

  /** By the id of the message. */
  private async tellMessages(
    userId: Types.ObjectId,
    messages: readonly MessageInTrash[],
  ): Promise<ReadonlyMap<string, TrashedMessage>> {
    const bySession = new Map<string, MessageInTrash[]>();
    for (const message of messages) {
      const id = message.heading._id.toHexString();
      bySession.set(id, [...(bySession.get(id) ?? []), message]);
    }
    const told = new Map<string, TrashedMessage>();
    for (const of of bySession.values()) {
      for (const one of await this.tellOfSession(userId, of)) told.set(one.message._id, one);
    }
    return told;
  }

  private async tellOfSession(
    userId: Types.ObjectId,
    messages: readonly MessageInTrash[],
  ): Promise<TrashedMessage[]> {
    const [first] = messages;
    if (first === undefined) return [];
    const { _id: sessionId, title, branched } = first.heading;
    const rows = messages.map(({ row }) => row);
    const scope = { userId, sessionId };
    const branches = branched ? await this.paths.branchesOf(scope) : NO_BRANCHES;
    const siblings = await this.paths.siblings(scope, branches, rows);
    const texts = await this.messages.withTextSoFar(rows);
    return texts.map((row, i) => {
      const id = row._id.toHexString();
      const deletedAt = rows[i]?.deleted_at ?? new Date(0);
      return {
        type: 'message',
        message: {
          ...toListedMessage(row, siblings.get(id) ?? [id]),
          deleted_at: deletedAt.toISOString(),
        },
        session_title: title,
        ...this.timesOf(deletedAt),
      };
    });
  }

  private timesOf(deletedAt: Date): { deleted_at: string; purge_at: string } {
    return {
      deleted_at: deletedAt.toISOString(),
      purge_at: this.retention.purgeTime(deletedAt).toISOString(),
    };
  }
}

function keyOf({ _id, deleted_at }: Pick<Entry, '_id' | 'deleted_at'>): Entry {
  return { _id, deleted_at };
}

/** As the two lists are sorted that are merged: by the time, then by the id. */
function newestFirst(a: Entry, b: Entry): number {
  const byTime = b.deleted_at.getTime() - a.deleted_at.getTime();
  if (byTime !== 0) return byTime;
  return a._id.toHexString() < b._id.toHexString() ? 1 : -1;
}
