import { dateFormat } from '../../app/date-format.js';

const DAY_MS = 86_400_000;

const clock = dateFormat({ hour: '2-digit', minute: '2-digit' });
const weekday = dateFormat({ weekday: 'short' });
const day = dateFormat({ day: 'numeric', month: 'short' });
const dayAndYear = dateFormat({ month: 'short', year: 'numeric' });
const whole = dateFormat({ dateStyle: 'full', timeStyle: 'short' });

/** When a chat was last used, in as few letters as its distance allows. */
export function shortActivity(iso: string, now: Date): string {
  const at = new Date(iso);
  if (at.toDateString() === now.toDateString()) return clock(at);
  if (now.getTime() - at.getTime() < 6 * DAY_MS) return weekday(at);
  return (at.getFullYear() === now.getFullYear() ? day : dayAndYear)(at);
}

/** The same in full. */
export function fullActivity(iso: string): string {
  return whole(new Date(iso));
}
