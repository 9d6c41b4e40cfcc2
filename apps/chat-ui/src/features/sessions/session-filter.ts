import type { ChatSession } from '@chat/shared-types';
import { isAlike } from '../organise/index.js';
import { byActivity, pinnedFirst } from './session-order.js';

/** Which chats the list shows. */
export type SessionFilter =
  | { readonly kind: 'all' | 'unread' | 'pinned' | 'archived' | 'unfiled' }
  | { readonly kind: 'folder'; readonly folderId: string }
  | { readonly kind: 'tag'; readonly tag: string };

export const ALL_CHATS: SessionFilter = { kind: 'all' };

export function isSameFilter(a: SessionFilter, b: SessionFilter): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The path of the list that a filter is read from. The API has no list of unread chats: they are
 * picked from the list of all.
 */
export function filterPath(filter: SessionFilter): string {
  const query = new URLSearchParams(filter.kind === 'archived' ? {} : { view: 'sidebar' });
  switch (filter.kind) {
    case 'all':
    case 'unread':
      break;
    case 'pinned':
      query.set('pinned', 'true');
      break;
    case 'archived':
      query.set('archived', 'true');
      break;
    case 'unfiled':
      query.set('folder_id', 'none');
      break;
    case 'folder':
      query.set('folder_id', filter.folderId);
      break;
    case 'tag':
      query.set('tag', filter.tag);
  }
  return `/chat/sessions?${query.toString()}`;
}

/** Whether the list behind a filter holds a session; of the unread ones that is the list of all. */
export function isListed(filter: SessionFilter, session: ChatSession): boolean {
  if (filter.kind === 'archived') return session.archived;
  if (session.archived) return false;
  switch (filter.kind) {
    case 'all':
    case 'unread':
      return true;
    case 'pinned':
      return session.pinned;
    case 'unfiled':
      return session.folder_id === null;
    case 'folder':
      return session.folder_id === filter.folderId;
    case 'tag':
      return session.tags.some((tag) => isAlike(tag, filter.tag));
  }
}

/** Whether a session of the list behind a filter is shown. */
export function isShown(filter: SessionFilter, session: ChatSession): boolean {
  return isListed(filter, session) && (filter.kind !== 'unread' || session.unread);
}

/** The order of the list behind a filter. */
export function orderOf(filter: SessionFilter): (a: ChatSession, b: ChatSession) => number {
  return filter.kind === 'archived' ? byActivity : pinnedFirst;
}

/** Reads a filter that was stored; all chats where it is none. */
export function parseFilter(stored: string | null): SessionFilter {
  try {
    const value = JSON.parse(stored ?? '{}') as Record<string, unknown>;
    switch (value.kind) {
      case 'unread':
      case 'pinned':
      case 'archived':
      case 'unfiled':
        return { kind: value.kind };
      case 'folder':
        if (/^[0-9a-f]{24}$/.test(String(value.folderId))) {
          return { kind: 'folder', folderId: String(value.folderId) };
        }
        return ALL_CHATS;
      case 'tag':
        return typeof value.tag === 'string' ? { kind: 'tag', tag: value.tag } : ALL_CHATS;
      default:
        return ALL_CHATS;
    }
  } catch {
    return ALL_CHATS;
  }
}
