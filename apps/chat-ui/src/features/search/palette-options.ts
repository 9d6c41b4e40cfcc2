import type { ChatSession, SearchResult, TextRange } from '@chat/shared-types';
import { dateFormat } from '../../app/date-format.js';
import { markedTexts } from './highlight-pieces.js';

/** What the palette offers to open: a chat, or a message of one. */
export interface PaletteOption {
  /** Of no other option on the list. */
  key: string;
  /** What stands for it: a chat, or who wrote the message. */
  kind: 'chat' | 'user' | 'assistant';
  text: string;
  /** What to mark in the text. */
  ranges: readonly TextRange[];
  /** Which chat a message is from; null for a chat. */
  chatTitle: string | null;
  /** ISO 8601: when the message was written, or the chat begun or last used. */
  at: string;
  sessionId: string;
  /** Null for a chat. */
  messageId: string | null;
  /** What was found, to be marked in the message once it is open. */
  words: readonly string[];
}

const day = dateFormat({ dateStyle: 'medium' });

/** The day of an option, in the reader's time zone. */
export function optionDay(iso: string): string {
  return day(new Date(iso));
}

export function resultOption(result: SearchResult): PaletteOption {
  const { session_id, message_id, title, role, snippet, highlights, created_at } = result;
  const isMessage = result.type === 'message' && message_id !== null;
  const text = isMessage ? snippet : title;
  return {
    key: `${session_id}-${message_id ?? 'chat'}`,
    kind: isMessage ? (role ?? 'user') : 'chat',
    text,
    ranges: highlights,
    chatTitle: isMessage ? title : null,
    at: created_at,
    sessionId: session_id,
    messageId: isMessage ? message_id : null,
    words: isMessage ? markedTexts(text, highlights) : [],
  };
}

export function recentOption(session: ChatSession): PaletteOption {
  return {
    key: `${session._id}-recent`,
    kind: 'chat',
    text: session.title,
    ranges: [],
    chatTitle: null,
    at: session.last_message_at ?? session.created_at,
    sessionId: session._id,
    messageId: null,
    words: [],
  };
}

/** Whether what is found is in the trash: `is:deleted` as a word of its own, outside of quotes. */
export function looksInTrash(query: string): boolean {
  const outside = query.replaceAll(/"[^"]*"?/g, ' ');
  return /(?:^|\s)is:deleted(?=\s|$)/i.test(outside);
}
