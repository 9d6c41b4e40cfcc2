import type { DeletedMessage } from './message.js';
import type { DeletedChatSession } from './session.js';

/** A session in the trash with all it holds. */
export interface TrashedSession {
  type: 'session';
  session: DeletedChatSession;
  deleted_at: string;
  /** When the database removes it for good. */
  purge_at: string;
}

/** A message in the trash whose session is not. */
export interface TrashedMessage {
  type: 'message';
  message: DeletedMessage;
  /** Of its session. */
  session_title: string;
  deleted_at: string;
  /** When the database removes it for good. */
  purge_at: string;
}

/** An entry of `GET /chat/trash`. */
export type TrashEntry = TrashedSession | TrashedMessage;
