import type { Message } from '@chat/shared-types';
import { HEADERS } from '@chat/shared-types';
import { nextPage, sendRequest } from '../../app/http-client.js';

/** Messages of one page; small enough to lay out at once, large enough for a few screens. */
export const PAGE_SIZE = 50;

/** One page of a session, oldest first as it is shown. */
export interface MessagePage {
  messages: Message[];
  /** Path of the page before this one in time, or null where the session begins. */
  older: string | null;
}

const all = (sessionId: string): string =>
  `/chat/sessions/${encodeURIComponent(sessionId)}/messages`;

/** The calls of `/chat/sessions/{id}/messages`. */
export const messagesApi = {
  newest(sessionId: string): Promise<MessagePage> {
    return messagesApi.page(`${all(sessionId)}?order=desc&limit=${PAGE_SIZE}`);
  },

  async page(path: string): Promise<MessagePage> {
    const { body, headers } = await sendRequest<Message[]>({ method: 'GET', path });
    return { messages: body.reverse(), older: nextPage(headers) };
  },

  /** @param key the same for every try of one message: the API stores it once. */
  async send(sessionId: string, content: string, key: string): Promise<Message> {
    const { body } = await sendRequest<Message>({
      method: 'POST',
      path: all(sessionId),
      json: { content },
      headers: { [HEADERS.idempotencyKey]: key },
    });
    return body;
  },

  async remove({ session_id, _id }: Message): Promise<void> {
    await sendRequest({ method: 'DELETE', path: `${all(session_id)}/${encodeURIComponent(_id)}` });
  },

  async restore({ session_id, _id }: Message): Promise<Message> {
    const path = `${all(session_id)}/${encodeURIComponent(_id)}/restore`;
    return (await sendRequest<Message>({ method: 'POST', path })).body;
  },
};
