import { NO_FOLDER, type ChatSession, type SessionView, type TagUse } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { Types } from 'mongoose';
import {
  decodeCursorOfParts,
  encodeCursor,
  decodeTextCursor,
  encodeTextCursor,
} from '../common/paging/cursor.js';
import { invalidField } from '../common/problem/problem.exception.js';
import type { ListedSession } from './listed-sessions.js';
import { SessionListsRepository, type SessionFilter } from './session-lists.repository.js';
import { countTags } from './tag-uses.js';
import { tagKey, tidyTag } from './tags.js';

/** A query as it came in. */
export interface SessionListQuery {
  readonly deleted?: boolean;
  readonly archived?: boolean;
  readonly pinned?: boolean;
  /** An id, or `none`. */
  readonly folder_id?: string;
  readonly tag?: string;
  readonly view?: SessionView;
  readonly limit?: number;
  readonly cursor?: string;
}

/** A page with the cursor of the one after it, where one follows. */
export interface CursorPage<Row> {
  readonly rows: Row[];
  readonly cursor?: string;
}

const TAGS = 'tags';

/** The lists of a user's sessions, and of what is in use among them. */
@Injectable()
export class SessionLists {
  constructor(private readonly sessions: SessionListsRepository) {}

  /** @throws a 400 for a cursor of another list, and for conditions that exclude each other. */
  async list(userId: Types.ObjectId, query: SessionListQuery): Promise<CursorPage<ChatSession>> {
    const filter = filterOf(query);
    const name = nameOf(query);
    const page =
      query.view === 'sidebar'
        ? await this.sidebar(userId, filter, name, query)
        : await this.byActivity(userId, filter, name, query);
    return { ...page, rows: page.rows.map(({ answer }) => answer) };
  }

  /** The tags of live sessions, in the order of the alphabet; alike ones count as one. */
  async tags(
    userId: Types.ObjectId,
    { limit, cursor }: Pick<SessionListQuery, 'limit' | 'cursor'>,
  ): Promise<CursorPage<TagUse>> {
    const after = cursor === undefined ? '' : decodeTextCursor(TAGS, cursor);
    const uses = countTags(await this.sessions.liveTags(userId)).filter(({ key }) => key > after);
    const shown = uses.slice(0, limit);
    const last = shown.at(-1);
    return {
      rows: shown.map(({ tag, session_count }) => ({ tag, session_count })),
      ...(last !== undefined && shown.length < uses.length
        ? { cursor: encodeTextCursor(TAGS, last.key) }
        : {}),
    };
  }

  private async byActivity(
    userId: Types.ObjectId,
    filter: SessionFilter,
    name: string,
    { limit, cursor }: SessionListQuery,
  ): Promise<CursorPage<ListedSession>> {
    const after = cursor === undefined ? undefined : decodeCursorOfParts([name], cursor).position;
    const rows = limit === undefined ? 0 : limit + 1;
    const read = await this.sessions.list(userId, filter, { pinnedFirst: false, after, rows });
    return pageOf(read, limit, () => name);
  }

  /** Two lists one after the other, the pinned ones first: a cursor says in which it is. */
  private async sidebar(
    userId: Types.ObjectId,
    filter: SessionFilter,
    name: string,
    { limit, cursor }: SessionListQuery,
  ): Promise<CursorPage<ListedSession>> {
    const parts = { pinned: `${name}#pinned`, others: `${name}#others` };
    const partOf = ({ answer }: ListedSession): string =>
      answer.pinned ? parts.pinned : parts.others;
    const rows = limit === undefined ? 0 : limit + 1;
    if (cursor === undefined) {
      const read = await this.sessions.list(userId, filter, { pinnedFirst: true, rows });
      return pageOf(read, limit, partOf);
    }
    const { part, position } = decodeCursorOfParts([parts.pinned, parts.others], cursor);
    const pinned = part === parts.pinned;
    const read = await this.sessions.list(
      userId,
      { ...filter, pinned },
      { pinnedFirst: false, after: position, rows },
    );
    const isShort = pinned && filter.pinned !== true && (rows === 0 || read.length < rows);
    const others = isShort
      ? await this.sessions.list(
          userId,
          { ...filter, pinned: false },
          { pinnedFirst: false, rows: rows === 0 ? 0 : rows - read.length },
        )
      : [];
    return pageOf([...read, ...others], limit, partOf);
  }
}

function pageOf(
  read: ListedSession[],
  limit: number | undefined,
  partOf: (row: ListedSession) => string,
): CursorPage<ListedSession> {
  if (limit === undefined || read.length <= limit) return { rows: read };
  const rows = read.slice(0, limit);
  const last = rows.at(-1);
  if (last === undefined) return { rows };
  return { rows, cursor: encodeCursor(partOf(last), last.position) };
}

function filterOf(query: SessionListQuery): SessionFilter {
  const { deleted = false, archived, pinned, folder_id, tag, view } = query;
  if (view === 'sidebar' && deleted) {
    throw invalidField(
      '?view',
      'The sidebar shows nothing that is deleted: leave out one of both.',
    );
  }
  if (view === 'sidebar' && archived === true) {
    throw invalidField(
      '?view',
      'The sidebar shows nothing that is archived: leave out one of both.',
    );
  }
  return {
    deleted,
    archived: view === 'sidebar' ? false : archived,
    pinned,
    ...(folder_id === undefined
      ? {}
      : { folderId: folder_id === NO_FOLDER ? null : new Types.ObjectId(folder_id) }),
    ...(tag === undefined ? {} : { tagKey: tagKey(tidyTag(tag)) }),
  };
}

/** What makes two lists different, so that the cursor of one is refused in the other. */
function nameOf({ deleted, archived, pinned, folder_id, tag, view }: SessionListQuery): string {
  const conditions = Object.entries({
    archived,
    pinned,
    folder_id: folder_id?.toLowerCase(),
    tag: tag === undefined ? undefined : tagKey(tidyTag(tag)),
    view,
  }).filter(([, value]) => value !== undefined);
  const list = deleted === true ? 'sessions/deleted' : 'sessions';
  return conditions.length === 0 ? list : `${list}?${JSON.stringify(conditions)}`;
}
