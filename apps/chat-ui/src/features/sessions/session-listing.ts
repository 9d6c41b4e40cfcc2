import type { ChatSession } from '@chat/shared-types';
import { shallowReactive } from 'vue';
import { isShown, orderOf, type SessionFilter } from './session-filter.js';

export type ListStatus = 'idle' | 'loading' | 'ready' | 'failed';

/** How far one list of sessions was read. */
export interface Listing {
  status: ListStatus;
  failure: unknown;
  /** Path of the next page, or null on the last one. */
  next: string | null;
  /** The last session of the last page; what comes after it is not known yet. */
  end: ChatSession | null;
  loadingMore: boolean;
  moreFailed: boolean;
}

export function createListing(): Listing {
  return shallowReactive<Listing>({
    status: 'idle',
    failure: null,
    next: null,
    end: null,
    loadingMore: false,
    moreFailed: false,
  });
}

/**
 * The sessions that a list shows: of all that are known those that it holds, as far as it was read.
 * A session from elsewhere that lies further on would show a list with a gap.
 */
export function listSessions(
  known: ReadonlyMap<string, ChatSession>,
  filter: SessionFilter,
  { next, end }: Pick<Listing, 'next' | 'end'>,
): ChatSession[] {
  const order = orderOf(filter);
  const isRead = (session: ChatSession): boolean =>
    next === null || end === null || order(session, end) <= 0;
  return [...known.values()]
    .filter((session) => isShown(filter, session) && isRead(session))
    .sort(order);
}
