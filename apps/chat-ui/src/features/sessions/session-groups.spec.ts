import { describe, expect, it } from 'vitest';
import { buildSession } from '../../testing/builders.js';
import { groupSessions } from './session-groups.js';

/** 23:30 in Berlin on 10 March, 11:30 of the 11th in Auckland. */
const now = new Date('2026-03-10T22:30:00.000Z');

function labels(times: string[], timeZone: string): string[] {
  const sessions = times.map((at, number) => buildSession(number, { last_message_at: at }));
  return groupSessions(sessions, { now, timeZone }).map(
    ({ label, sessions: members }) => `${label}: ${members.length}`,
  );
}

describe('groupSessions', () => {
  it('counts calendar days, not spans of 24 hours', () => {
    expect(labels(['2026-03-10T00:10:00.000Z', '2026-03-09T22:50:00.000Z'], 'UTC')).toEqual([
      'Today: 1',
      'Yesterday: 1',
    ]);
  });

  it("puts one and the same moment under the day of the user's own clock", () => {
    const moment = ['2026-03-10T10:30:00.000Z'];
    expect(labels(moment, 'Europe/Berlin')).toEqual(['Today: 1']);
    expect(labels(moment, 'Pacific/Auckland')).toEqual(['Yesterday: 1']);
  });

  it("takes the browser's own time zone where none is named", () => {
    const justAfterMidnight = new Date(2026, 2, 10, 0, 1);
    const at = [new Date(2026, 2, 10, 0, 0), new Date(2026, 2, 9, 23, 59)];
    const sessions = at.map((moment, number) =>
      buildSession(number, { last_message_at: moment.toISOString() }),
    );
    const groups = groupSessions(sessions, { now: justAfterMidnight });
    expect(groups.map(({ label }) => label)).toEqual(['Today', 'Yesterday']);
  });

  it('goes from days to weeks to months', () => {
    const times = [
      '2026-03-08T12:00:00.000Z',
      '2026-03-03T12:00:00.000Z',
      '2026-03-02T12:00:00.000Z',
      '2026-02-08T12:00:00.000Z',
      '2026-02-07T12:00:00.000Z',
      '2026-02-01T12:00:00.000Z',
      '2025-02-01T12:00:00.000Z',
    ];
    expect(labels(times, 'UTC')).toEqual([
      'Previous 7 days: 2',
      'Previous 30 days: 2',
      'February 2026: 2',
      'February 2025: 1',
    ]);
  });

  it('keeps its days over a change of the clock', () => {
    // Berlin skips an hour on 29 March 2026.
    const [group] = groupSessions(
      [buildSession(1, { last_message_at: '2026-03-28T22:30:00.000Z' })],
      { now: new Date('2026-03-29T21:30:00.000Z'), timeZone: 'Europe/Berlin' },
    );
    expect(group?.label).toBe('Yesterday');
  });

  it('takes a server whose clock is ahead for today', () => {
    expect(labels(['2026-03-11T00:10:00.000Z'], 'UTC')).toEqual(['Today: 1']);
  });

  it('goes by the creation where nothing was written yet', () => {
    const session = buildSession(1, { created_at: '2026-03-09T12:00:00.000Z' });
    expect(groupSessions([session], { now, timeZone: 'UTC' })[0]?.label).toBe('Yesterday');
  });
});
