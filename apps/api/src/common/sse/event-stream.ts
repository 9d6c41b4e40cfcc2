import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Proxies close what is silent, often after a minute; the contract promises 15 s at most. */
const COMMENT_EVERY_MS = 10_000;
/** How long a client waits before it connects again. */
const RETRY_MS = 1_000;

/** One server-sent event (HTML Standard, section 9.2). */
export interface ServerSentEvent {
  readonly event: string;
  /** Sent as JSON, which has no line breaks of its own. */
  readonly data: object;
  /** What the client gives back as `Last-Event-ID`; no line breaks. */
  readonly id: string;
}

/**
 * One response of server-sent events. It keeps no queue: `send` settles once the client can take
 * more, and whoever sends decides then what is worth sending.
 */
export class EventStream {
  private readonly response: ServerResponse;
  private readonly over = new AbortController();
  private readonly comments: NodeJS.Timeout;

  /** Sends the headers. The framework has no part in this response any more. */
  constructor(reply: FastifyReply) {
    this.response = reply.raw;
    reply.hijack();
    this.response.on('close', () => this.close());
    this.response.on('error', () => this.close());
    this.response.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      // nginx would collect the events otherwise.
      'x-accel-buffering': 'no',
    });
    this.comments = setInterval(() => this.comment(), COMMENT_EVERY_MS);
    this.response.write(`retry: ${RETRY_MS}\n\n`);
    // The client may have left before there was anything to hear of it.
    if (this.response.destroyed || this.response.socket?.destroyed !== false) this.close();
  }

  /** Aborted once nothing can be sent any more: the client left, or the stream was ended. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  get isOver(): boolean {
    return this.over.signal.aborted;
  }

  /** Settles when there is room for more, or when the stream is over. */
  async send({ event, data, id }: ServerSentEvent): Promise<void> {
    if (this.isOver) return;
    const text = `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
    if (!this.response.write(text)) await this.drained();
  }

  /** Ends the response after what was sent; again does nothing. */
  end(): void {
    if (this.isOver) return;
    this.close();
    this.response.end();
  }

  private close(): void {
    clearInterval(this.comments);
    this.over.abort();
  }

  private comment(): void {
    // A client that does not read what it has needs no sign of life.
    if (!this.response.writableNeedDrain) this.response.write(':\n\n');
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.response.off('drain', done);
        this.signal.removeEventListener('abort', done);
        resolve();
      };
      this.response.on('drain', done);
      this.signal.addEventListener('abort', done);
    });
  }
}
