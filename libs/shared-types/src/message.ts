import type { Problem } from './problem.js';

export const MESSAGE_ROLES = ['user', 'assistant'] as const;

export type MessageRole = (typeof MESSAGE_ROLES)[number];

/**
 * How far a message has come. A user's message is always `complete`; a reply is `streaming` until
 * exactly one of the others ends it: it was finished, stopped by its reader, failed at the
 * provider, or interrupted because the server that wrote it ended.
 */
export const MESSAGE_STATUSES = [
  'complete',
  'streaming',
  'stopped',
  'failed',
  'interrupted',
] as const;

export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** Why the model ended by itself: it was done, it reached its limit, or a filter cut it off. */
export const FINISH_REASONS = ['stop', 'length', 'content_filter'] as const;

export type FinishReason = (typeof FINISH_REASONS)[number];

/** What a reply cost, in tokens of its model. */
export interface TokenUsage {
  input_tokens: number;
  output_tokens: number;
}

/** A message as every call answers it. */
export interface Message {
  _id: string;
  session_id: string;
  user_id: string;
  /** Exactly as it was sent: never trimmed, never normalised. Of a running reply: all so far. */
  content: string;
  role: MessageRole;
  created_at: string;
  /** The message that this one answers or follows; null for a first message. */
  parent_id: string | null;
  status: MessageStatus;
  /** `provider/name` of the model that wrote it, or null. */
  model: string | null;
  finish_reason: FinishReason | null;
  usage: TokenUsage | null;
  /** What the model thought before it answered, where it tells; null otherwise. */
  reasoning: string | null;
  /** Why a reply is `failed` or `interrupted`, for its reader. */
  error: Problem | null;
  /** When the text was last changed in place, or null. */
  edited_at: string | null;
  /** In the order in which the kinds first came. */
  reactions: Reaction[];
}

/** An emoji on a message. */
export interface Reaction {
  /** One grapheme (Unicode UAX #29). */
  emoji: string;
  /** How many people reacted with it. */
  count: number;
  /** Whether the caller is one of them. */
  mine: boolean;
}

/** A message in a list: with its versions. */
export interface ListedMessage extends Message {
  /**
   * The ids of all live messages with the same parent, this one among them, oldest first: the
   * versions between which a reader can walk.
   */
  siblings: string[];
}

/** A message in the trash (`GET …/messages?deleted=true`). */
export interface DeletedMessage extends ListedMessage {
  deleted_at: string;
}

/** What asks for a reply; `true` takes the session's model. */
export type ReplyRequest = boolean | { model?: string };

export interface SendMessageRequest {
  /** 1 to 100,000 characters. */
  content: string;
  /** `user` when absent. */
  role?: MessageRole;
  /** Whether, and by which model, the message is answered; not at all when absent or false. */
  reply?: ReplyRequest;
  /** The message to go on from; the end of the branch that is shown when absent, null for the root. */
  parent_id?: string | null;
}

/** The answer to a message that asked for a reply. */
export interface SentMessage extends Message {
  /** The reply that is being written; only where one was asked for. */
  reply?: Message;
}

export interface RegenerateRequest {
  /** `provider/name`; the model of the session when absent. */
  model?: string;
}

export interface EditMessageRequest {
  /** 1 to 100,000 characters. */
  content: string;
}

/** What a message was before an edit. */
export interface MessageRevision {
  /** 1 for the oldest. */
  revision: number;
  content: string;
  /** When this text was written. */
  created_at: string;
}

/** Which messages of a tree a list holds: those of one path, or all. */
export const BRANCH_VIEWS = ['active', 'all'] as const;

export type BranchView = (typeof BRANCH_VIEWS)[number];
