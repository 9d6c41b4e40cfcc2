export const MESSAGE_ROLES = ['user', 'assistant'] as const;

export type MessageRole = (typeof MESSAGE_ROLES)[number];

/** A message as every call answers it. */
export interface Message {
  _id: string;
  session_id: string;
  user_id: string;
  /** Exactly as it was sent: never trimmed, never normalised. */
  content: string;
  role: MessageRole;
  created_at: string;
}

/** A message in the trash (`GET …/messages?deleted=true`). */
export interface DeletedMessage extends Message {
  deleted_at: string;
}

export interface SendMessageRequest {
  /** 1 to 100,000 characters. */
  content: string;
  /** `user` when absent. */
  role?: MessageRole;
}
