import type { ChatSession, Message, TrashEntry } from '@chat/shared-types';
import { nextPage, sendRequest } from '../../app/http-client.js';

/** One page of the trash, the last deleted first. */
export interface TrashPage {
  entries: TrashEntry[];
  /** Path of the next page, or null on the last one. */
  next: string | null;
}

const session = (sessionId: string): string => `/chat/sessions/${encodeURIComponent(sessionId)}`;

/** The calls of `/chat/trash`, and those that take something out of it. */
export const trashApi = {
  /** @param path the `next` of the page before; the first page otherwise. */
  async page(path = '/chat/trash?limit=50'): Promise<TrashPage> {
    const { body, headers } = await sendRequest<TrashEntry[]>({ method: 'GET', path });
    return { entries: body, next: nextPage(headers) };
  },

  /** Removes everything for good. */
  async empty(): Promise<void> {
    await sendRequest({ method: 'DELETE', path: '/chat/trash' });
  },

  /** Takes one entry out of the trash. */
  async restore(entry: TrashEntry): Promise<void> {
    const path =
      entry.type === 'session'
        ? session(entry.session._id)
        : `${session(entry.message.session_id)}/messages/${encodeURIComponent(entry.message._id)}`;
    await sendRequest<ChatSession | Message>({ method: 'POST', path: `${path}/restore` });
  },
};
