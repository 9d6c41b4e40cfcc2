import { dateFormat } from '../../app/date-format.js';

const clock = dateFormat({ hour: '2-digit', minute: '2-digit' });
const whole = dateFormat({ dateStyle: 'full', timeStyle: 'medium' });
const day = dateFormat({
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const dayAndYear = dateFormat({ dateStyle: 'long' });

/** The time of day, for under a message. */
export function clockTime(iso: string): string {
  return clock(new Date(iso));
}

/** Date and time in full, for the hint. */
export function absoluteTime(iso: string): string {
  return whole(new Date(iso));
}

/** The day of a message in the reader's time zone, as a key to compare. */
export function dayKey(iso: string): string {
  return new Date(iso).toDateString();
}

/** The heading over a day's messages. */
export function dayLabel(iso: string, now: Date): string {
  const at = new Date(iso);
  if (at.toDateString() === now.toDateString()) return 'Today';
  const before = new Date(now);
  before.setDate(now.getDate() - 1);
  if (at.toDateString() === before.toDateString()) return 'Yesterday';
  return (at.getFullYear() === now.getFullYear() ? day : dayAndYear)(at);
}
