import type { ChatSession } from '@chat/shared-types';

/** When a session was last used: its newest message, else its creation. */
export function lastActivity(session: ChatSession): string {
  return session.last_message_at ?? session.created_at;
}

/** Most recent activity first, ids decide ties. The API sorts the same way. */
export function byActivity(a: ChatSession, b: ChatSession): number {
  // ISO 8601 in UTC with a fixed number of digits sorts as text.
  const [left, right] = [lastActivity(a), lastActivity(b)];
  if (left !== right) return left < right ? 1 : -1;
  if (a._id === b._id) return 0;
  return a._id < b._id ? 1 : -1;
}

/** The order of the sidebar: pinned ones first, each part by activity. */
export function pinnedFirst(a: ChatSession, b: ChatSession): number {
  if (a.pinned !== b.pinned) return a.pinned ? -1 : 1;
  return byActivity(a, b);
}
