import type { Problem } from './problem.js';

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
  /** The folder it is in, or null for none. */
  folder_id: string | null;
  /** Shown before the others (`?view=sidebar`). */
  pinned: boolean;
  /** Put away: left out of `?view=sidebar`. */
  archived: boolean;
  /** At most 20, each 1 to 40 characters, no two alike in letters of either case. */
  tags: string[];
  /** Marked by its owner, or because a reply ended while nobody read it. */
  unread: boolean;
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
  /** A folder of the same user, or null for none. */
  folder_id?: string | null;
  pinned?: boolean;
  archived?: boolean;
  /** Replaces all of them. */
  tags?: string[];
  unread?: boolean;
}

/** How a list of sessions is put together; all live ones by their last activity when absent. */
export const SESSION_VIEWS = ['sidebar'] as const;

/** `sidebar`: without the archived ones, pinned ones first. */
export type SessionView = (typeof SESSION_VIEWS)[number];

/** `?folder_id=` for the sessions that are in no folder. */
export const NO_FOLDER = 'none';

export const BULK_ACTIONS = [
  'archive',
  'unarchive',
  'pin',
  'unpin',
  'move',
  'tag',
  'untag',
  'delete',
  'restore',
] as const;

export type BulkAction = (typeof BULK_ACTIONS)[number];

/** One change of many sessions. */
export interface BulkRequest {
  /** 1 to 500 sessions. */
  ids: string[];
  action: BulkAction;
  /** Where `move` moves them; null for no folder. */
  folder_id?: string | null;
  /** What `tag` adds and `untag` takes away. */
  tags?: string[];
}

/** What became of one session; each succeeds or fails by itself. */
export interface BulkResult {
  id: string;
  ok: boolean;
  /** Why not; only where `ok` is false. */
  error?: Problem;
}

export interface BulkResponse {
  /** In the order of the request; an id that was named twice stands once. */
  results: BulkResult[];
}

export interface DuplicateSessionRequest {
  /** Only the path to this message, as a session of one branch; the whole tree when absent. */
  until_message_id?: string;
}

/** A tag that is in use (`GET /chat/tags`). */
export interface TagUse {
  tag: string;
  /** How many live sessions carry it. */
  session_count: number;
}
