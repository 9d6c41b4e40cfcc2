import type { DraftMessage, SessionDraft } from '../../messages/session-draft.js';
import type { Remarks } from './remarks.js';

/** A conversation of a file as the session that it becomes. */
export interface MappedConversation {
  /** By which it is known again, so that nothing comes twice. */
  readonly importKey: string;
  readonly draft: Omit<SessionDraft, 'folder_id' | 'import_key'>;
  /** Parents before their children. */
  readonly messages: Iterable<DraftMessage> | AsyncIterable<DraftMessage>;
  /** Complete once all messages have been read. */
  readonly remarks: Remarks;
}

/** What has to be known to map a conversation. */
export interface MappingContext {
  /** When the import began. */
  readonly now: Date;
}
