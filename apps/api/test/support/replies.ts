import type { Message, ReplyEvent, SendMessageRequest, SentMessage } from '@chat/shared-types';
import type { Answer, ApiClient } from './api-client.js';
import { EventReader, joined, type ReceivedEvent } from './events.js';

/** A question with the reply that is being written. */
export interface Asked {
  readonly question: SentMessage;
  readonly reply: Message;
  /** Of the reply: `/chat/sessions/…/messages/…`. */
  readonly path: string;
}

export function tryAsk(
  client: ApiClient,
  sessionId: string,
  body: Partial<SendMessageRequest> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<SentMessage>> {
  return client.call('POST', `/chat/sessions/${sessionId}/messages`, {
    json: { content: 'Tell me something.', reply: true, ...body },
    headers,
  });
}

/** Asks a scripted model, by the scenario that it plays. */
export async function ask(
  client: ApiClient,
  sessionId: string,
  scenario: string,
  body: Partial<SendMessageRequest> = {},
): Promise<Asked> {
  const answer = await tryAsk(client, sessionId, { reply: { model: scripted(scenario) }, ...body });
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 201 });
  const { reply } = answer.body;
  if (reply === undefined) throw new Error('No reply was begun.');
  return { question: answer.body, reply, path: pathOf(reply) };
}

export function scripted(scenario: string): string {
  return `scripted/${scenario}`;
}

export function pathOf({ session_id, _id }: Message): string {
  return `/chat/sessions/${session_id}/messages/${_id}`;
}

export function follow(
  client: ApiClient,
  path: string,
  lastEventId?: string,
): Promise<EventReader> {
  return EventReader.open(client, `${path}/stream`, lastEventId);
}

/** Reads a whole stream, and its last event. */
export async function readAll(
  client: ApiClient,
  path: string,
): Promise<{ events: ReceivedEvent<ReplyEvent>[]; ended: Message }> {
  const events = await (await follow(client, path)).toEnd();
  return { events, ended: endOf(events) };
}

/** The message that `done` or `error` carries. */
export function endOf(events: readonly ReceivedEvent<ReplyEvent>[]): Message {
  const last = events.at(-1)?.data;
  if (last === undefined || !('message' in last)) throw new Error('The stream has no end.');
  return last.message;
}

/** One message as the list shows it. */
export async function stored(client: ApiClient, { session_id, _id }: Message): Promise<Message> {
  const rows = await client.messages(session_id, '?branch=all');
  const row = rows.find((one) => one._id === _id);
  if (row === undefined) throw new Error('The message is not in the list.');
  return row;
}

/** The text that a reader has received so far. */
export function joinedOf(reader: EventReader): string {
  return joined(reader.received);
}
