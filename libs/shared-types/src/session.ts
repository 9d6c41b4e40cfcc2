/** A chat session as every call answers it. Times are ISO 8601 UTC with milliseconds and `Z`. */
export interface ChatSession {
  /** 24 hex digits, as every id. */
  _id: string;
  user_id: string;
  title: string;
  /** The number of live messages; kept in step with them by the transaction that changes them. */
  message_count: number;
  /** When the newest message was stored; null while there never was one. */
  last_message_at: string | null;
  created_at: string;
  updated_at: string;
}

/** A session in the trash (`GET /chat/sessions?deleted=true`). */
export interface DeletedChatSession extends ChatSession {
  deleted_at: string;
}

export interface CreateSessionRequest {
  /** 1 to 200 characters after trimming; `New Chat` when absent. */
  title?: string;
}

export interface UpdateSessionRequest {
  title: string;
}
