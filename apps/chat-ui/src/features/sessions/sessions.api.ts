import type { ChatSession, CreateSessionRequest, UpdateSessionRequest } from '@chat/shared-types';
import { nextPage, sendRequest } from '../../app/http-client.js';

/** One page of sessions, most recent activity first. */
export interface SessionPage {
  sessions: ChatSession[];
  /** Path of the next page, or null on the last one. */
  next: string | null;
}

const one = (sessionId: string): string => `/chat/sessions/${encodeURIComponent(sessionId)}`;

/** The calls of `/chat/sessions`. */
export const sessionsApi = {
  /** @param path the `next` of the page before; the first page otherwise. */
  async page(path = '/chat/sessions?limit=50'): Promise<SessionPage> {
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
};
