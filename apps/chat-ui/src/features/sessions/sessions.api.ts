import type {
  BulkRequest,
  BulkResponse,
  BulkResult,
  ChatSession,
  CreateSessionRequest,
  DuplicateSessionRequest,
  UpdateSessionRequest,
} from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { nextPage, sendRequest } from '../../app/http-client.js';

/** One page of a list of sessions. */
export interface SessionPage {
  sessions: ChatSession[];
  /** Path of the next page, or null on the last one. */
  next: string | null;
}

const one = (sessionId: string): string => `/chat/sessions/${encodeURIComponent(sessionId)}`;

/** The calls of `/chat/sessions`. */
export const sessionsApi = {
  /** @param path of the first page, or the `next` of the page before. */
  async page(path: string): Promise<SessionPage> {
    const { body, headers } = await sendRequest<ChatSession[]>({ method: 'GET', path });
    return { sessions: body, next: nextPage(headers) };
  },

  async get(sessionId: string): Promise<ChatSession> {
    return (await sendRequest<ChatSession>({ method: 'GET', path: one(sessionId) })).body;
  },

  async create(request: CreateSessionRequest): Promise<ChatSession> {
    return (
      await sendRequest<ChatSession>({ method: 'POST', path: '/chat/sessions', json: request })
    ).body;
  },

  async update(sessionId: string, change: UpdateSessionRequest): Promise<ChatSession> {
    return (await sendRequest<ChatSession>({ method: 'PUT', path: one(sessionId), json: change }))
      .body;
  },

  async remove(sessionId: string): Promise<void> {
    await sendRequest({ method: 'DELETE', path: one(sessionId) });
  },

  async restore(sessionId: string): Promise<ChatSession> {
    return (await sendRequest<ChatSession>({ method: 'POST', path: `${one(sessionId)}/restore` }))
      .body;
  },

  async duplicate(sessionId: string, request: DuplicateSessionRequest): Promise<ChatSession> {
    const path = `${one(sessionId)}/duplicate`;
    return (await sendRequest<ChatSession>({ method: 'POST', path, json: request })).body;
  },

  /** Changes many at once; each succeeds or fails by itself. */
  async bulk({ ids, ...change }: BulkRequest): Promise<BulkResult[]> {
    const { max } = LIMITS.bulkSessions;
    const results: BulkResult[] = [];
    for (let from = 0; from < ids.length; from += max) {
      const json: BulkRequest = { ...change, ids: ids.slice(from, from + max) };
      const path = '/chat/sessions/bulk';
      const { body } = await sendRequest<BulkResponse>({ method: 'POST', path, json });
      results.push(...body.results);
    }
    return results;
  },
};
