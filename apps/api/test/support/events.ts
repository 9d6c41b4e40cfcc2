import type { ReplyEvent } from '@chat/shared-types';
import type { ApiClient } from './api-client.js';

/** A server-sent event as it arrived. */
export interface ReceivedEvent<E extends { event: string; data: object }> {
  readonly id: string;
  readonly event: E['event'];
  readonly data: E['data'];
}

/** A reader of one response of server-sent events, over real HTTP. */
export class EventReader<E extends { event: string; data: object } = ReplyEvent> {
  /** Lines that are comments, in their order. */
  readonly comments: string[] = [];
  readonly received: ReceivedEvent<E>[] = [];
  private readonly decoder = new TextDecoder();
  private text = '';
  private readonly waiting: ReceivedEvent<E>[] = [];

  private constructor(
    readonly response: Response,
    private readonly body: ReadableStreamDefaultReader<Uint8Array>,
    private readonly abort: AbortController,
  ) {}

  /** @throws where the answer is no stream of events. */
  static async open<E extends { event: string; data: object } = ReplyEvent>(
    client: ApiClient,
    path: string,
    lastEventId?: string,
  ): Promise<EventReader<E>> {
    const abort = new AbortController();
    const response = await fetch(`${client.url}${path}`, {
      signal: abort.signal,
      headers: {
        ...(client.token === undefined ? {} : { authorization: `Bearer ${client.token}` }),
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
    });
    if (response.status !== 200 || response.body === null) {
      throw new Error(`No stream: ${response.status} ${await response.text()}`);
    }
    return new EventReader<E>(response, response.body.getReader(), abort);
  }

  /** The next event, or undefined where the server has closed the stream. */
  async next(): Promise<ReceivedEvent<E> | undefined> {
    while (this.waiting.length === 0) {
      const { done, value } = await this.body.read();
      if (done) return undefined;
      this.take(this.decoder.decode(value, { stream: true }));
    }
    const event = this.waiting.shift();
    if (event !== undefined) this.received.push(event);
    return event;
  }

  /** Reads on to the first event that fits. @throws where the stream ends before. */
  async until(fits: (event: ReceivedEvent<E>) => boolean): Promise<ReceivedEvent<E>> {
    for (;;) {
      const event = await this.next();
      if (event === undefined) throw new Error('The stream ended before the event came.');
      if (fits(event)) return event;
    }
  }

  /** Everything up to the end of the stream, with what was read before. */
  async toEnd(): Promise<ReceivedEvent<E>[]> {
    while ((await this.next()) !== undefined);
    return this.received;
  }

  /** Goes away as a closed tab does. */
  close(): void {
    this.abort.abort();
    this.body.cancel().catch(() => undefined);
  }

  private take(chunk: string): void {
    this.text += chunk;
    const blocks = this.text.split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n');
      this.comments.push(...lines.filter((line) => line.startsWith(':')));
      const field = (name: string): string | undefined =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const event = field('event');
      if (event === undefined) continue;
      this.waiting.push({
        id: field('id') ?? '',
        event,
        data: JSON.parse(field('data') ?? 'null') as E['data'],
      });
    }
  }
}

/** The texts of the `delta` events (or of `reasoning`), joined. */
export function joined(
  events: readonly ReceivedEvent<ReplyEvent>[],
  kind: 'delta' | 'reasoning' = 'delta',
): string {
  return events
    .filter(({ event }) => event === kind)
    .map(({ data }) => (data as { text: string }).text)
    .join('');
}
