import type { ChatSession } from '@chat/shared-types';
import { lastActivity } from './session-order.js';

/** A heading of the list with the sessions under it. */
export interface SessionGroup {
  /** Stable while the list changes. */
  key: string;
  label: string;
  sessions: ChatSession[];
}

export interface GroupingClock {
  now: Date;
  /** Whether the pinned ones, which come first then, have a group of their own. */
  pinned?: boolean;
  /** IANA name; the browser's own where absent. */
  timeZone?: string;
  locale?: string;
}

/**
 * Groups sessions, given in the order of their list, by the calendar day of their last activity as the user's
 * clock shows it: Today, Yesterday, Previous 7 days, Previous 30 days, then by month.
 */
export function groupSessions(
  sessions: readonly ChatSession[],
  { now, pinned = false, timeZone, locale = 'en' }: GroupingClock,
): SessionGroup[] {
  const dayOf = timeZone === undefined ? localDay : dayIn(timeZone);
  // Built only where a chat is that old: a formatter takes milliseconds to build.
  let months: Intl.DateTimeFormat | undefined;
  const monthOf = (at: Date): string =>
    (months ??= new Intl.DateTimeFormat(locale, {
      timeZone,
      month: 'long',
      year: 'numeric',
    })).format(at);
  const today = dayOf(now);
  const groups = new Map<string, SessionGroup>();
  for (const session of sessions) {
    const at = new Date(lastActivity(session));
    const { key, label } =
      pinned && session.pinned ? PINNED : headingOf(today - dayOf(at), () => monthOf(at));
    const group = groups.get(key);
    if (group) group.sessions.push(session);
    else groups.set(key, { key, label, sessions: [session] });
  }
  return [...groups.values()];
}

const PINNED = { key: 'pinned', label: 'Pinned' };

function headingOf(age: number, month: () => string): { key: string; label: string } {
  // A clock that runs behind the server's must not open a group of its own.
  if (age <= 0) return { key: 'today', label: 'Today' };
  if (age === 1) return { key: 'yesterday', label: 'Yesterday' };
  if (age <= 7) return { key: 'week', label: 'Previous 7 days' };
  if (age <= 30) return { key: 'days', label: 'Previous 30 days' };
  const label = month();
  // An id of the page: blanks would make two of it.
  return { key: label.replaceAll(' ', '-'), label };
}

const DAY_MS = 86_400_000;

/** Days since 1970 of a moment's calendar day in the browser's time zone; immune to changes of the clock. */
function localDay(at: Date): number {
  return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / DAY_MS;
}

/** The same in another time zone. */
function dayIn(timeZone: string): (at: Date) => number {
  const days = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  return (at) => Math.round(Date.parse(`${days.format(at)}T00:00:00Z`) / DAY_MS);
}
