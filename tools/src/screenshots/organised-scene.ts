import type { ApiClient } from '@chat/product-harness';
import type {
  ChatSession,
  Folder,
  ImportJob,
  ImportStarted,
  Message,
  UpdateSessionRequest,
} from '@chat/shared-types';
import {
  chatGptExport,
  DELETED_CHATS,
  DELETED_MESSAGE,
  FOLDERS,
  GARDEN,
  IMPORTED_BEFORE,
  LETTER,
  LETTER_TEXTS,
  LISBON,
  OTHERS,
  type Conversation,
} from './conversations.js';

/** What the pictures of order, search, trash and versions show. */
export interface OrganisedScene {
  readonly lisbon: ChatSession;
  /** With a reply of three texts. */
  readonly letter: ChatSession;
  readonly garden: ChatSession;
}

/** The devices that the account is signed in on, besides the one a picture is taken on. */
const DEVICES = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
] as const;

/** Fills an account with what is kept in order: folders, tags, marks, a trash, an import. */
export async function prepareOrganisedScene(
  user: ApiClient,
  baseUrl: string,
): Promise<OrganisedScene> {
  for (const agent of DEVICES) await signInFrom(baseUrl, agent);
  await importOnce(user, baseUrl);
  const folders = new Map<string, string>();
  for (const { name, color, inside } of FOLDERS) {
    const parent_id = inside === undefined ? null : (folders.get(inside) ?? null);
    const made = await user.call<Folder>('POST', '/chat/folders', { name, color, parent_id });
    folders.set(name, made._id);
  }
  for (const title of DELETED_CHATS) {
    const { _id } = await user.createSession(title);
    await user.send(_id, 'Two lemons, flour, and something for the neighbours.');
    await user.call('DELETE', `/chat/sessions/${_id}`);
  }
  for (const conversation of OTHERS.toReversed()) await write(user, conversation, folders);
  const { session: letter, last } = await write(user, LETTER, folders);
  const path = `/chat/sessions/${letter._id}/messages/${last?._id ?? ''}`;
  for (const content of LETTER_TEXTS.slice(1)) await user.call('PATCH', path, { content });
  const lisbon = await writeLisbon(user, folders);
  const { session: garden } = await write(user, GARDEN, folders);
  return { lisbon, letter, garden };
}

/** With reactions to its second message, and a message that is in the trash. */
async function writeLisbon(
  user: ApiClient,
  folders: ReadonlyMap<string, string>,
): Promise<ChatSession> {
  const { session, first, last } = await write(user, LISBON, folders);
  for (const [message, emoji] of [
    [first, '❤️'],
    [last, '👍'],
    [last, '😋'],
  ] as const) {
    const path = `/chat/sessions/${session._id}/messages/${message?._id ?? ''}/reactions`;
    await user.call('PUT', `${path}/${encodeURIComponent(emoji)}`);
  }
  const { _id } = await user.send(session._id, DELETED_MESSAGE);
  await user.call('DELETE', `/chat/sessions/${session._id}/messages/${_id}`);
  return session;
}

/** @returns the chat with its first reply and its last message. */
async function write(
  user: ApiClient,
  { title, turns, folder, tags, pinned, unread }: Conversation,
  folders: ReadonlyMap<string, string>,
): Promise<{ session: ChatSession; first: Message | undefined; last: Message | undefined }> {
  const session = await user.createSession(title);
  const sent: Message[] = [];
  for (const [role, content] of turns) sent.push(await user.send(session._id, content, role));
  const change: UpdateSessionRequest = {
    ...(folder === undefined ? {} : { folder_id: folders.get(folder) ?? null }),
    ...(tags === undefined ? {} : { tags: [...tags] }),
    ...(pinned === undefined ? {} : { pinned }),
    ...(unread === undefined ? {} : { unread }),
  };
  if (Object.keys(change).length > 0) {
    await user.call('PUT', `/chat/sessions/${session._id}`, change);
  }
  return { session, first: sent.find(({ role }) => role === 'assistant'), last: sent.at(-1) };
}

/** Imports one of the chats that the pictured file holds, so that the file's report has one to skip. */
async function importOnce(user: ApiClient, baseUrl: string): Promise<void> {
  const body = new FormData();
  body.set('file', chatGptExport([IMPORTED_BEFORE]), 'conversations.json');
  const response = await fetch(`${baseUrl}/chat/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.token}` },
    body,
  });
  if (!response.ok) throw new Error(`The import answered ${response.status}.`);
  const { _id } = (await response.json()) as ImportStarted;
  for (;;) {
    const { status } = await user.call<ImportJob>('GET', `/chat/imports/${_id}`);
    if (status === 'done') return;
    if (status === 'failed') throw new Error('The import failed.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function signInFrom(baseUrl: string, userAgent: string): Promise<void> {
  const response = await fetch(`${baseUrl}/auths/login`, {
    method: 'POST',
    headers: { 'user-agent': userAgent },
    body: new URLSearchParams({ username: 'alice', password: 'alicepass123' }),
  });
  if (!response.ok) throw new Error(`The login answered ${response.status}.`);
}
