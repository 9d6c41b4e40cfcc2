import type { DeletedMessage, ListedMessage, Message, Reaction } from '@chat/shared-types';
import type { StoredMessage } from './message.schema.js';

/** A stored message as every call answers it, without what only the server needs. */
export function toMessage(message: StoredMessage): Message {
  return {
    _id: message._id.toHexString(),
    session_id: message.session_id.toHexString(),
    user_id: message.user_id.toHexString(),
    content: message.content,
    role: message.role,
    created_at: message.created_at.toISOString(),
    parent_id: message.parent_id?.toHexString() ?? null,
    status: message.status,
    model: message.model,
    finish_reason: message.finish_reason,
    usage: message.usage,
    reasoning: message.reasoning,
    error: message.error,
    edited_at: message.edited_at?.toISOString() ?? null,
    reactions: toReactions(message),
  };
}

/** As its owner sees them. Messages that were stored before there were reactions lack the field. */
function toReactions({ reactions, user_id }: Partial<StoredMessage>): Reaction[] {
  return (reactions ?? []).map(({ emoji, users }) => ({
    emoji,
    count: users.length,
    mine: users.some((user) => user_id?.equals(user) === true),
  }));
}

/**
 * A message as lists answer it.
 *
 * @param siblings its live versions, itself among them, oldest first.
 */
export function toListedMessage(
  message: StoredMessage,
  siblings: readonly string[],
): ListedMessage | DeletedMessage {
  return {
    ...toMessage(message),
    siblings: [...siblings],
    ...(message.deleted_at === null ? {} : { deleted_at: message.deleted_at.toISOString() }),
  };
}
