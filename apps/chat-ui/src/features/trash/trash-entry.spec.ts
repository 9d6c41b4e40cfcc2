import type { TrashEntry } from '@chat/shared-types';
import { describe, expect, it } from 'vitest';
import { buildMessage, buildSession } from '../../testing/builders.js';
import { countLabel, entryTitle, timeLeft } from './trash-entry.js';

const DELETED = '2026-03-10T10:00:00.000Z';
const PURGED = '2026-04-09T10:00:00.000Z';
const dates = { deleted_at: DELETED, purge_at: PURGED };

const chat: TrashEntry = {
  type: 'session',
  session: { ...buildSession(1, { title: 'Boats' }), deleted_at: DELETED },
  ...dates,
};
const message: TrashEntry = {
  type: 'message',
  message: { ...buildMessage(2, { content: '\n  two\nlines' }), deleted_at: DELETED },
  session_title: 'Boats',
  ...dates,
};

describe('an entry of the trash', () => {
  it.each([
    ['2026-03-10T10:00:00.000Z', 'in 30 days'],
    ['2026-03-28T10:00:00.000Z', 'in 12 days'],
    ['2026-04-08T09:00:00.000Z', 'in 1 day'],
    ['2026-04-09T05:00:00.000Z', 'in 5 hours'],
    ['2026-04-09T09:59:00.000Z', 'in 1 hour'],
    ['2026-04-09T10:00:01.000Z', 'any moment now'],
  ])('looked at on %s goes %s', (now, expected) => {
    expect(timeLeft(chat, new Date(now))).toBe(expected);
  });

  it('is called by its title, or by what it begins with', () => {
    expect(entryTitle(chat)).toBe('Boats');
    expect(entryTitle(message)).toBe('two\nlines');
  });
});

describe('countLabel', () => {
  it('counts chats and messages apart', () => {
    expect(countLabel([chat], false)).toBe('1 chat');
    expect(countLabel([message, message], false)).toBe('2 messages');
    expect(countLabel([chat, message, chat], false)).toBe('2 chats and 1 message');
  });

  it('says that there is more than was read', () => {
    expect(countLabel([chat, message], true)).toBe('more than 2 chats and messages');
  });
});
