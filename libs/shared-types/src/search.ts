import type { MessageRole } from './message.js';

/** A place in a text: `[start, end)` in UTF-16 code units. */
export type TextRange = [start: number, end: number];

export const SEARCH_RESULT_TYPES = ['session', 'message'] as const;

/** Something that was found (`GET /chat/search`). */
export interface SearchResult {
  type: (typeof SEARCH_RESULT_TYPES)[number];
  session_id: string;
  /** Null for a session, whose title was found. */
  message_id: string | null;
  /** Of the session. */
  title: string;
  /** Of the message; null for a session. */
  role: MessageRole | null;
  created_at: string;
  /** Falls from one result to the next; of no meaning beyond one search. */
  score: number;
  /** Plain text of at most 240 characters around the best place of a message; the title of a session. */
  snippet: string;
  /** What to mark: in `snippet`, in `title` for a session. Sorted, not overlapping. */
  highlights: TextRange[];
}
