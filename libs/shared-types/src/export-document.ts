import type { FolderColor } from './folder.js';
import type { FinishReason, MessageRole, MessageStatus, TokenUsage } from './message.js';
import type { Problem } from './problem.js';

/** Formats of `GET /chat/sessions/{id}/export`. */
export const EXPORT_FORMATS = ['txt', 'md', 'json', 'html', 'pdf'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The name that `manifest.json` and every JSON document of an export carry. */
export const EXPORT_FORMAT_NAME = 'chat-sessions';

/** Rises with every change that an older importer would misread. */
export const EXPORT_VERSION = 1;

/** `manifest.json`, the first file of the ZIP. */
export interface ExportManifest {
  format: typeof EXPORT_FORMAT_NAME;
  version: number;
  counts: { folders: number; sessions: number; messages: number };
}

/** `profile.json`: whose export it is. */
export interface ExportedProfile {
  username: string;
  display_name: string;
  created_at: string;
}

/** An entry of `folders.json`: parents stand before their children. */
export interface ExportedFolder {
  _id: string;
  name: string;
  parent_id: string | null;
  color: FolderColor | null;
  position: number;
  created_at: string;
  updated_at: string;
}

export interface ExportedRevision {
  revision: number;
  content: string;
  created_at: string;
}

/** A message of the tree, live or in the trash. A parent stands before its children. */
export interface ExportedMessage {
  _id: string;
  parent_id: string | null;
  role: MessageRole;
  content: string;
  created_at: string;
  edited_at: string | null;
  status: MessageStatus;
  model: string | null;
  finish_reason: FinishReason | null;
  usage: TokenUsage | null;
  reasoning: string | null;
  error: Problem | null;
  /** The emoji of the owner. */
  reactions: string[];
  /** Oldest first. */
  revisions: ExportedRevision[];
  /** When it went to the trash, or null. */
  deleted_at: string | null;
}

/** One conversation: a file of `sessions/`, and the answer of `?format=json`. */
export interface ExportedSession {
  format: typeof EXPORT_FORMAT_NAME;
  version: number;
  session: {
    _id: string;
    title: string;
    created_at: string;
    updated_at: string;
    last_message_at: string | null;
    model: string | null;
    system_prompt: string | null;
    active_message_id: string | null;
    folder_id: string | null;
    pinned: boolean;
    archived: boolean;
    unread: boolean;
    tags: string[];
    deleted_at: string | null;
  };
  /** By `created_at`, then `_id`. */
  messages: ExportedMessage[];
}
