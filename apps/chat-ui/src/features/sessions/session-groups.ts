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
  /** IANA name; the browser's own where absent. */
  timeZone?: string;
  locale?: string;
}

/**
 * Groups sessions, given newest first, by the calendar day of their last activity as the user's
 * clock shows it: Today, Yesterday, Previous 7 days, Previous 30 days, then by month.
 */
export function groupSessions(
  sessions: readonly ChatSession[],
  { now, timeZone, locale = 'en' }: GroupingClock,
): SessionGroup[] {
  const days = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const months = new Intl.DateTimeFormat(locale, { timeZone, month: 'long', year: 'numeric' });
  const today = dayNumber(days, now);
  const groups = new Map<string, SessionGroup>();
  for (const session of sessions) {
    const at = new Date(lastActivity(session));
    const { key, label } = headingOf(today - dayNumber(days, at), () => months.format(at));
    const group = groups.get(key);
    if (group) group.sessions.push(session);
    else groups.set(key, { key, label, sessions: [session] });
  }
  return [...groups.values()];
}

function headingOf(age: number, month: () => string): { key: string; label: string } {
  // A clock that runs behind the server's must not open a group of its own.
  if (age <= 0) return { key: 'today', label: 'Today' };
  if (age === 1) return { key: 'yesterday', label: 'Yesterday' };
  if (age <= 7) return { key: 'week', label: 'Previous 7 days' };
  if (age <= 30) return { key: 'days', label: 'Previous 30 days' };
  const label = month();
  return { key: label, label };
}

/** Days since 1970 of a calendar day in the formatter's time zone; immune to changes of the clock. */
function dayNumber(days: Intl.DateTimeFormat, at: Date): number {
  return Math.round(Date.parse(`${days.format(at)}T00:00:00Z`) / 86_400_000);
}
