import type {
  ListedMessage,
  Message,
  MessageRevision,
  SendMessageRequest,
  SentMessage,
} from '@chat/shared-types';
import { HEADERS } from '@chat/shared-types';
import { nextPage, previousPage, sendRequest } from '../../app/http-client.js';

/** Messages of one page; small enough to lay out at once, large enough for a few screens. */
export const PAGE_SIZE = 50;

/** One page of a session, oldest first as it is shown. */
export interface MessagePage {
  messages: ListedMessage[];
  /** Path of the page before this one in time, or null where the session begins. */
  older: string | null;
}

/** A part of a session that need not reach its end, oldest first. */
export interface MessageStretch extends MessagePage {
  /** Path of the page after this one in time, or null where the branch that is shown ends. */
  newer: string | null;
}

const all = (sessionId: string): string =>
  `/chat/sessions/${encodeURIComponent(sessionId)}/messages`;
const one = ({ session_id, _id }: Message): string =>
  `${all(session_id)}/${encodeURIComponent(_id)}`;

/** Where the events of a reply are read. */
export const replyStreamPath = (reply: Message): string => `${one(reply)}/stream`;

/** The calls of `/chat/sessions/{id}/messages`. */
export const messagesApi = {
  newest(sessionId: string): Promise<MessagePage> {
    return messagesApi.page(`${all(sessionId)}?order=desc&limit=${PAGE_SIZE}`);
  },

  async page(path: string): Promise<MessagePage> {
    const { body, headers } = await sendRequest<ListedMessage[]>({ method: 'GET', path });
    return { messages: body.reverse(), older: nextPage(headers) };
  },

  /**
   * The part of the shown branch with this message in its middle.
   *
   * @throws {ApiError} a 404 where the message is not on that branch.
   */
  async around(sessionId: string, messageId: string): Promise<MessageStretch> {
    const path = `${all(sessionId)}?around=${encodeURIComponent(messageId)}&limit=${PAGE_SIZE}`;
    const { body, headers } = await sendRequest<ListedMessage[]>({ method: 'GET', path });
    return { messages: body, older: previousPage(headers), newer: nextPage(headers) };
  },

  /** The next part on one side. @param path the `older` or the `newer` of what is there. */
  async beside(side: 'older' | 'newer', path: string): Promise<MessageStretch> {
    if (side === 'older') return { ...(await messagesApi.page(path)), newer: null };
    const { body, headers } = await sendRequest<ListedMessage[]>({ method: 'GET', path });
    return { messages: body, older: null, newer: nextPage(headers) };
  },

  /** @param key the same for every try of one message: the API stores it once. */
  async send(sessionId: string, request: SendMessageRequest, key: string): Promise<SentMessage> {
    const { body } = await sendRequest<SentMessage>({
      method: 'POST',
      path: all(sessionId),
      json: request,
      headers: { [HEADERS.idempotencyKey]: key },
    });
    return body;
  },

  /** Ends a running reply where it is. @returns the reply as it is stored. */
  async stop(reply: Message): Promise<Message> {
    return (await sendRequest<Message>({ method: 'POST', path: `${one(reply)}/stop` })).body;
  },

  /** Lets a reply that ended early go on, in the same message. */
  async resume(reply: Message): Promise<Message> {
    return (await sendRequest<Message>({ method: 'POST', path: `${one(reply)}/continue` })).body;
  },

  /** Asks for another version of a reply. @returns the new one, which is being written. */
  async regenerate(reply: Message): Promise<Message> {
    const path = `${one(reply)}/regenerate`;
    return (await sendRequest<Message>({ method: 'POST', path, json: {} })).body;
  },

  async remove(message: Message): Promise<void> {
    await sendRequest({ method: 'DELETE', path: one(message) });
  },

  async restore(message: Message): Promise<Message> {
    return (await sendRequest<Message>({ method: 'POST', path: `${one(message)}/restore` })).body;
  },

  /** Gives a message another text in its place; the one before becomes a revision. */
  async edit(message: Message, content: string): Promise<Message> {
    const request = { method: 'PATCH', path: one(message), json: { content } } as const;
    return (await sendRequest<Message>(request)).body;
  },

  /** What a message was before its edits, oldest first. */
  async revisions(message: Message): Promise<MessageRevision[]> {
    const path = `${one(message)}/revisions`;
    return (await sendRequest<MessageRevision[]>({ method: 'GET', path })).body;
  },

  /** Gives a message the text of a revision; the one before becomes a revision. */
  async restoreRevision(message: Message, { revision }: MessageRevision): Promise<Message> {
    const path = `${one(message)}/revisions/${revision}/restore`;
    return (await sendRequest<Message>({ method: 'POST', path })).body;
  },

  /** Adds the own emoji to a message, or takes it back. */
  async react(message: Message, emoji: string, wanted: boolean): Promise<Message> {
    const path = `${one(message)}/reactions/${encodeURIComponent(emoji)}`;
    const method = wanted ? 'PUT' : 'DELETE';
    return (await sendRequest<Message>({ method, path })).body;
  },
};
