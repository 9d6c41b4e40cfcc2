import type { TrashEntry } from '@chat/shared-types';
import { dateFormat } from '../../app/date-format.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const day = dateFormat({ dateStyle: 'medium' });

/** What is in the trash: the id of the chat or the message. */
export function entryId(entry: TrashEntry): string {
  return entry.type === 'session' ? entry.session._id : entry.message._id;
}

/** What stands for an entry: a chat's title, or what a message begins with. */
export function entryTitle(entry: TrashEntry): string {
  if (entry.type === 'session') return entry.session.title;
  const begins = entry.message.content.trimStart().slice(0, 240);
  return begins === '' ? 'Empty message' : begins;
}

/** The day on which it was deleted, in the reader's time zone. */
export function deletedDay({ deleted_at }: TrashEntry): string {
  return day(new Date(deleted_at));
}

let formatter: Intl.RelativeTimeFormat | undefined;

/** When it goes for good, e.g. "in 12 days"; the last day is counted in hours. */
export function timeLeft({ purge_at }: TrashEntry, now: Date): string {
  formatter ??= new Intl.RelativeTimeFormat(undefined, { numeric: 'always' });
  const left = new Date(purge_at).getTime() - now.getTime();
  if (left <= 0) return 'any moment now';
  if (left > DAY_MS) return formatter.format(Math.round(left / DAY_MS), 'day');
  return formatter.format(Math.max(1, Math.round(left / HOUR_MS)), 'hour');
}

/**
 * How much is in the trash, e.g. "1 chat and 3 messages".
 *
 * @param more whether there is more than these.
 */
export function countLabel(entries: readonly TrashEntry[], more: boolean): string {
  if (more) return `more than ${entries.length.toLocaleString()} chats and messages`;
  const chats = entries.filter(({ type }) => type === 'session').length;
  const messages = entries.length - chats;
  const parts: string[] = [];
  if (chats > 0) parts.push(`${chats.toLocaleString()} ${chats === 1 ? 'chat' : 'chats'}`);
  if (messages > 0) {
    parts.push(`${messages.toLocaleString()} ${messages === 1 ? 'message' : 'messages'}`);
  }
  return parts.join(' and ');
}
