import type { AssistantModel, ChatSession, Folder, ListedMessage } from '@chat/shared-types';

const idOf = (number: number): string => number.toString(16).padStart(24, '0');

/** A session; its number gives its id. */
export function buildSession(number: number, members: Partial<ChatSession> = {}): ChatSession {
  const at = '2026-03-10T10:00:00.000Z';
  return {
    _id: idOf(number),
    user_id: idOf(0xa11ce),
    title: `Chat ${number}`,
    message_count: 0,
    last_message_at: null,
    model: null,
    system_prompt: null,
    active_message_id: null,
    folder_id: null,
    pinned: false,
    archived: false,
    tags: [],
    unread: false,
    created_at: at,
    updated_at: at,
    ...members,
  };
}

/** A folder at the top; its number gives its id. */
export function buildFolder(number: number, members: Partial<Folder> = {}): Folder {
  const at = '2026-03-10T10:00:00.000Z';
  return {
    _id: idOf(number),
    user_id: idOf(0xa11ce),
    name: `Folder ${number}`,
    parent_id: null,
    color: null,
    position: 0,
    session_count: 0,
    created_at: at,
    updated_at: at,
    ...members,
  };
}

/** A message; its number gives its id and its place in time, a second apart. */
export function buildMessage(number: number, members: Partial<ListedMessage> = {}): ListedMessage {
  return {
    _id: idOf(number),
    session_id: idOf(1),
    user_id: idOf(0xa11ce),
    content: `Message ${number}`,
    role: 'user',
    created_at: new Date(Date.UTC(2026, 2, 10) + number * 1000).toISOString(),
    parent_id: null,
    status: 'complete',
    model: null,
    finish_reason: null,
    usage: null,
    reasoning: null,
    error: null,
    edited_at: null,
    reactions: [],
    siblings: [idOf(number)],
    ...members,
  };
}

/** A reply that is being written; its number gives its id and its place in time. */
export function buildReply(number: number, members: Partial<ListedMessage> = {}): ListedMessage {
  return buildMessage(number, {
    content: '',
    role: 'assistant',
    status: 'streaming',
    model: 'builtin/guide',
    ...members,
  });
}

export function buildModel(id: string, members: Partial<AssistantModel> = {}): AssistantModel {
  const provider = id.split('/', 1)[0] ?? '';
  return {
    id,
    name: `Model ${id}`,
    provider,
    context_window: 8192,
    is_default: false,
    ...members,
  };
}
