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
  /** `provider/name` of the model that answers here; null for the server's default. */
  model: string | null;
  /** What every model is told first, or null. */
  system_prompt: string | null;
  /** The last message of the branch that is shown, or null where there is none. */
  active_message_id: string | null;
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

/** At least one member; what is absent stays as it is. */
export interface UpdateSessionRequest {
  title?: string;
  /** A model of `GET /assistants/models`, or null for the server's default. */
  model?: string | null;
  /** At most 20,000 characters; null or blank for none. */
  system_prompt?: string | null;
  /**
   * The message whose branch is to be shown. Where others follow it, the branch goes on to the
   * newest of them.
   */
  active_message_id?: string;
}
