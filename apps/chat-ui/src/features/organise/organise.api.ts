import {
  LIMITS,
  type BulkRequest,
  type BulkResponse,
  type ChatSession,
  type CreateFolderRequest,
  type Folder,
  type TagUse,
  type UpdateFolderRequest,
} from '@chat/shared-types';
import { nextPage, sendRequest } from '../../app/http-client.js';

const one = (folderId: string): string => `/chat/folders/${encodeURIComponent(folderId)}`;

/** Every row of a list that comes in pages. */
async function readAll<T>(first: string): Promise<T[]> {
  const rows: T[] = [];
  for (let path: string | null = first; path !== null;) {
    const answer: { body: T[]; headers: Headers } = await sendRequest<T[]>({ method: 'GET', path });
    rows.push(...answer.body);
    path = nextPage(answer.headers);
  }
  return rows;
}

/** The calls of `/chat/folders`. */
export const foldersApi = {
  all: (): Promise<Folder[]> => readAll(`/chat/folders?limit=${LIMITS.page.max}`),

  async create(request: CreateFolderRequest): Promise<Folder> {
    const path = '/chat/folders';
    return (await sendRequest<Folder>({ method: 'POST', path, json: request })).body;
  },

  async update(folderId: string, change: UpdateFolderRequest): Promise<Folder> {
    const path = one(folderId);
    return (await sendRequest<Folder>({ method: 'PUT', path, json: change })).body;
  },

  async remove(folderId: string): Promise<void> {
    await sendRequest({ method: 'DELETE', path: one(folderId) });
  },

  /** The ids of the live sessions that are right in a folder. */
  async sessionIds(folderId: string): Promise<string[]> {
    const path = `/chat/sessions?folder_id=${folderId}&limit=${LIMITS.page.max}`;
    return (await readAll<ChatSession>(path)).map(({ _id }) => _id);
  },

  /** Puts sessions into a folder; one that is gone by now stays away. */
  async fill(folderId: string, sessionIds: readonly string[]): Promise<void> {
    const { max } = LIMITS.bulkSessions;
    for (let from = 0; from < sessionIds.length; from += max) {
      const ids = sessionIds.slice(from, from + max);
      const json: BulkRequest = { ids, action: 'move', folder_id: folderId };
      await sendRequest<BulkResponse>({ method: 'POST', path: '/chat/sessions/bulk', json });
    }
  },
};

/** The tags that are in use, by the alphabet. */
export const readTags = (): Promise<TagUse[]> => readAll(`/chat/tags?limit=${LIMITS.page.max}`);
