import {
  EXPORT_FORMAT_NAME,
  EXPORT_VERSION,
  type ExportedMessage,
  type ExportedRevision,
  type ExportedSession,
  type Problem,
  type TokenUsage,
} from '@chat/shared-types';
import type { Types } from 'mongoose';
import type { StoredMessage } from '../messages/message.schema.js';
import type { StoredRevision } from '../messages/message-revision.schema.js';
import type { StoredSession } from '../sessions/session.schema.js';

/** A message with what is not stored in it. */
export interface MessageToExport {
  readonly message: StoredMessage;
  readonly parentId: string | null;
  readonly revisions: readonly StoredRevision[];
}

/**
 * An `ExportedSession` piece by piece. `messages` is its last member and each message stands on a
 * line of its own, so that whoever reads it need not hold it whole either.
 */
export async function* toJson(
  session: StoredSession,
  messages: AsyncIterable<MessageToExport>,
): AsyncIterable<string> {
  const head = {
    format: EXPORT_FORMAT_NAME,
    version: EXPORT_VERSION,
    session: toExportedSession(session),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"messages":[`;
  let separator = '\n';
  for await (const message of messages) {
    yield separator + JSON.stringify(toExportedMessage(message));
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** Sessions that an older version stored lack the fields that came later. */
function toExportedSession(session: StoredSession): ExportedSession['session'] {
  const stored: Partial<StoredSession> = session;
  return {
    _id: session._id.toHexString(),
    title: session.title,
    created_at: session.created_at.toISOString(),
    updated_at: session.updated_at.toISOString(),
    last_message_at: session.last_message_at?.toISOString() ?? null,
    model: stored.model ?? null,
    system_prompt: stored.system_prompt ?? null,
    active_message_id: stored.active_message_id?.toHexString() ?? null,
    folder_id: stored.folder_id?.toHexString() ?? null,
    pinned: stored.pinned ?? false,
    archived: stored.archived ?? false,
    unread: stored.unread ?? false,
    tags: stored.tags ?? [],
    deleted_at: stored.deleted_at?.toISOString() ?? null,
  };
}

function toExportedMessage({ message, parentId, revisions }: MessageToExport): ExportedMessage {
  const stored: Partial<StoredMessage> = message;
  return {
    _id: message._id.toHexString(),
    parent_id: parentId,
    role: message.role,
    content: message.content,
    created_at: message.created_at.toISOString(),
    edited_at: stored.edited_at?.toISOString() ?? null,
    status: stored.status ?? 'complete',
    model: stored.model ?? null,
    finish_reason: stored.finish_reason ?? null,
    usage: toExportedUsage(stored.usage),
    reasoning: stored.reasoning ?? null,
    error: toExportedError(message),
    reactions: ownReactions(stored.reactions ?? [], message.user_id),
    revisions: revisions.map(toExportedRevision),
    deleted_at: stored.deleted_at?.toISOString() ?? null,
  };
}

function toExportedUsage(usage: StoredMessage['usage'] | undefined): TokenUsage | null {
  if (!usage) return null;
  return { input_tokens: usage.input_tokens, output_tokens: usage.output_tokens };
}

/** Its address is that of the message in this document: ids change where an export is taken in. */
function toExportedError(message: StoredMessage): Problem | null {
  const { error }: Partial<StoredMessage> = message;
  if (!error) return null;
  const { type, title, status, detail } = error;
  const session = message.session_id.toHexString();
  const instance = `/chat/sessions/${session}/messages/${message._id.toHexString()}`;
  return { type, title, status, detail, instance };
}

function ownReactions(reactions: StoredMessage['reactions'], owner: Types.ObjectId): string[] {
  return reactions
    .filter(({ users }) => users.some((user) => owner.equals(user)))
    .map(({ emoji }) => emoji);
}

function toExportedRevision({ revision, content, created_at }: StoredRevision): ExportedRevision {
  return { revision, content, created_at: created_at.toISOString() };
}
