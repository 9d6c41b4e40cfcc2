import type { StoredSession } from '../sessions/session.schema.js';
import type { StoredMessage } from './message.schema.js';

/** A text that a message had before it was changed in place. */
export interface DraftRevision {
  /** 1 for the oldest. */
  readonly revision: number;
  readonly content: string;
  readonly createdAt: Date;
}

/** A message of a session that is built at once, with ids of its source's own making. */
export interface DraftMessage
  extends
    Pick<StoredMessage, 'content' | 'role' | 'created_at'>,
    Partial<
      Pick<
        StoredMessage,
        | 'status'
        | 'model'
        | 'finish_reason'
        | 'usage'
        | 'reasoning'
        | 'error'
        | 'edited_at'
        | 'deleted_at'
      >
    > {
  /** Unlike any other of the session. */
  readonly id: string;
  /** Of a message that was given before it; null at the root. */
  readonly parentId: string | null;
  /** The emoji of the owner, each once. */
  readonly reactions?: readonly string[];
  readonly revisions?: readonly DraftRevision[];
}

/**
 * What a session that is built at once is made of, beside its messages; the rest follows from them.
 * Titles, tags and the like are taken as they are: whoever drafts has brought them within limits.
 */
export interface SessionDraft
  extends
    Pick<StoredSession, 'title' | 'created_at'>,
    Partial<
      Pick<
        StoredSession,
        | 'updated_at'
        | 'last_message_at'
        | 'model'
        | 'system_prompt'
        | 'folder_id'
        | 'pinned'
        | 'archived'
        | 'tags'
        | 'unread'
        | 'deleted_at'
        | 'import_key'
      >
    > {
  /**
   * The source's id of the message whose branch is shown, to its end; the newest live one when
   * absent, null or unknown.
   */
  readonly activeId?: string | null;
}

/** A draft whose messages are no tree. The message is a sentence about it. */
export class BrokenDraft extends Error {}
