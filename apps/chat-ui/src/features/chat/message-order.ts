import type { ListedMessage, Message } from '@chat/shared-types';

/** The order of a conversation: by time, ids decide ties. The API sorts the same way. */
export function byTime(a: Message, b: Message): number {
  // ISO 8601 in UTC with a fixed number of digits sorts as text.
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  if (a._id === b._id) return 0;
  return a._id < b._id ? -1 : 1;
}

/**
 * Both lists in one, each message once; where both have it, the second list's wins. One that has not
 * changed stays the same object, so that its row has nothing to do.
 */
export function mergeMessages(
  known: readonly ListedMessage[],
  news: readonly ListedMessage[],
): ListedMessage[] {
  const merged = new Map(known.map((message) => [message._id, message]));
  for (const message of news) {
    const before = merged.get(message._id);
    if (!before || JSON.stringify(before) !== JSON.stringify(message)) {
      merged.set(message._id, message);
    }
  }
  return [...merged.values()].sort(byTime);
}
