import type { ChatSession, Message } from '@chat/shared-types';

const idOf = (number: number): string => number.toString(16).padStart(24, '0');

/** A session; its number gives its id. */
export function buildSession(number: number, members: Partial<ChatSession> = {}): ChatSession {
  const at = '2026-03-10T10:00:00.000Z';
  return {
    _id: idOf(number),
    user_id: idOf(0xa11ce),
    title: `Chat ${number}`,
    message_count: 0,
    last_message_at: null,
    created_at: at,
    updated_at: at,
    ...members,
  };
}

/** A message; its number gives its id and its place in time, a second apart. */
export function buildMessage(number: number, members: Partial<Message> = {}): Message {
  return {
    _id: idOf(number),
    session_id: idOf(1),
    user_id: idOf(0xa11ce),
    content: `Message ${number}`,
    role: 'user',
    created_at: new Date(Date.UTC(2026, 2, 10) + number * 1000).toISOString(),
    ...members,
  };
}
