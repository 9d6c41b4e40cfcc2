const DAY_MS = 86_400_000;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/** When a chat was last used, in as few letters as its distance allows. */
export function shortActivity(iso: string, now: Date): string {
  const at = new Date(iso);
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  if (now.getTime() - at.getTime() < 6 * DAY_MS) return weekday.format(at);
  return (at.getFullYear() === now.getFullYear() ? day : dayAndYear).format(at);
}

/** The same in full. */
export function fullActivity(iso: string): string {
  return whole.format(new Date(iso));
}
