import type { ChatSession, DeletedChatSession } from '@chat/shared-types';
import type { StoredSession } from './session.schema.js';

/** A stored session as every call answers it, without what only the server needs. */
export function toChatSession(session: StoredSession): ChatSession | DeletedChatSession {
  return {
    _id: session._id.toHexString(),
    user_id: session.user_id.toHexString(),
    title: session.title,
    message_count: session.message_count,
    last_message_at: session.last_message_at?.toISOString() ?? null,
    model: session.model,
    system_prompt: session.system_prompt,
    active_message_id: session.active_message_id?.toHexString() ?? null,
    folder_id: session.folder_id?.toHexString() ?? null,
    pinned: session.pinned,
    archived: session.archived,
    tags: session.tags,
    unread: session.unread,
    created_at: session.created_at.toISOString(),
    updated_at: session.updated_at.toISOString(),
    ...(session.deleted_at === null ? {} : { deleted_at: session.deleted_at.toISOString() }),
  };
}
