import type { ChatSession } from './session.js';

/**
 * The events of `GET /chat/events` (server-sent events): what changed for the user in any tab, on
 * any device, through any server. Every event has an `id`, to be given back as `Last-Event-ID`.
 */
export interface ChangeEvents {
  /**
   * A session was made, restored or renamed, or something happened to its messages: sent, edited,
   * deleted, restored, a reply begun or ended. Whoever shows the session reads it again.
   */
  session: { session: ChatSession };
  /** A session went to the trash. */
  session_deleted: { _id: string };
  /** Folders were made, changed or deleted: whoever shows them reads the list again. */
  folders_changed: Record<string, never>;
}

export type ChangeEventName = keyof ChangeEvents;

export type ChangeEvent = {
  [Name in ChangeEventName]: { event: Name; data: ChangeEvents[Name] };
}[ChangeEventName];
