import { monotonicMs } from '@chat/scripted-provider';
import type { Message } from '@chat/shared-types';

/** What a reader of a reply's stream got. */
export interface ReadReply {
  /** All `delta` texts, joined. */
  readonly text: string;
  /** Each delta: the length of the text up to its end, and when it arrived (`monotonicMs`). */
  readonly arrivals: readonly { readonly end: number; readonly atMs: number }[];
  /** The reply as the `done` event has it; undefined where the stream ended otherwise. */
  readonly done: Message | undefined;
}

/**
 * Reads a reply's stream to its end.
 *
 * @throws where the answer is no success.
 */
export async function readReply(
  baseUrl: string,
  token: string,
  { session_id, _id }: Pick<Message, 'session_id' | '_id'>,
): Promise<ReadReply> {
  const response = await fetch(`${baseUrl}/chat/sessions/${session_id}/messages/${_id}/stream`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
  if (!response.ok || response.body === null) {
    throw new Error(`The stream answered ${response.status}: ${await response.text()}`);
  }
  let text = '';
  let done: Message | undefined;
  const arrivals: { end: number; atMs: number }[] = [];
  for await (const { event, data } of events(response.body)) {
    if (event === 'delta') {
      text += (JSON.parse(data) as { text: string }).text;
      arrivals.push({ end: text.length, atMs: monotonicMs() });
    } else if (event === 'done') {
      done = (JSON.parse(data) as { message: Message }).message;
    }
  }
  return { text, arrivals, done };
}

/** The events of a stream that our own server writes: one `event` and one `data` line each. */
async function* events(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ event: string; data: string }> {
  const decoder = new TextDecoder();
  let buffered = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    buffered += decoder.decode(chunk, { stream: true });
    const blocks = buffered.split('\n\n');
    buffered = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string | undefined =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      const [event, data] = [field('event'), field('data')];
      if (event !== undefined && data !== undefined) yield { event, data };
    }
  }
}
