import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from './monotonic-clock.js';
import type { EndReason, Question, Wire } from './wire.js';

/** A piece of an answer and when it left. */
export interface SentPiece {
  readonly kind: 'text' | 'reasoning';
  readonly text: string;
  /** Taken right before it was written; see `monotonicMs`. */
  readonly atMs: number;
}

/** A request that arrived, and what became of it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the client; the same for requests that share a connection. */
  readonly remotePort: number | undefined;
  /** The parsed JSON. */
  readonly body: unknown;
  readonly question: Question;
  /**
   * When its headers had arrived, before anything of its body was read: a long prompt is not made
   * later by what this provider does with it. See `monotonicMs`.
   */
  readonly atMs: number;
  /** How many requests with the same model and turns there were, this one included. */
  readonly attempt: number;
  /** Grows while the answer is sent. */
  readonly sent: readonly SentPiece[];
  /** Whether the client went away before the answer was complete. */
  readonly aborted: boolean;
  /** Resolves when the answer is complete or the client has gone. */
  readonly closed: Promise<void>;
}

/** What is known of a request when it has arrived. */
export type Arrival = Omit<ReceivedRequest, 'sent' | 'aborted' | 'closed'>;

/** Thrown into a script whose client went away; it ends the script and is no fault. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** What answers a request: it says its pieces, waits where it likes, and finishes or does not. */
export type Script = (exchange: Exchange) => Promise<void>;

/** One request and its answer, as a script sees it. Every writing method throws `ClientGone`. */
export class Exchange {
  /** Cuts what is written into network chunks of so many bytes; uncut when undefined. */
  chunkBytes: number | undefined;
  private readonly said = { text: '', reasoning: '' };

  readonly request: ReceivedRequest;
  private readonly sent: SentPiece[] = [];
  private cut = false;
  private complete = false;

  constructor(
    arrival: Arrival,
    private readonly wire: Wire,
    private readonly response: ServerResponse,
  ) {
    const closed = new Promise<void>((settle) => {
      response.once('close', () => {
        this.complete = response.writableFinished;
        settle();
      });
    });
    const wasAborted = (): boolean => response.destroyed && !this.complete && !this.cut;
    this.request = {
      ...arrival,
      sent: this.sent,
      closed,
      get aborted() {
        return wasAborted();
      },
    };
  }

  get question(): Question {
    return this.request.question;
  }

  /**
   * What the answer goes on from, or nothing. That is a last turn of the assistant (prefill), or
   * the assistant's turn before a last one of the user that begins with "Continue your".
   */
  get prefill(): string {
    const [before, last] = this.question.turns.slice(-2);
    if (last === undefined) return before?.role === 'assistant' ? before.content : '';
    if (last.role === 'assistant') return last.content;
    return before?.role === 'assistant' && last.content.startsWith('Continue your')
      ? before.content
      : '';
  }

  /** What is left of a text behind the prefill; all of it where that is no beginning of it. */
  rest(text: string): string {
    return text.startsWith(this.prefill) ? text.slice(this.prefill.length) : text;
  }

  /** Sends the status line and what comes before the first piece. */
  async open(): Promise<void> {
    if (!this.question.stream || this.response.headersSent) return;
    this.response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
    });
    this.response.flushHeaders();
    await this.write(this.wire.begin());
  }

  /** Says a piece of the answer. */
  say(piece: string): Promise<void> {
    return this.emit('text', piece);
  }

  /** Says a piece of what the model thinks before it answers. */
  think(piece: string): Promise<void> {
    return this.emit('reasoning', piece);
  }

  /** Ends the answer; tokens are counted as one for four characters. */
  async finish(reason: EndReason = 'stop'): Promise<void> {
    await this.open();
    const asked = this.question.turns.map(({ content }) => content).join('');
    const { text, reasoning } = this.said;
    const tokens = { input: tokensOf(asked), output: tokensOf(text + reasoning) };
    if (this.question.stream) {
      await this.write(this.wire.end(reason, tokens));
      this.response.end();
    } else {
      this.json(200, this.wire.whole({ text, reasoning, reason, tokens }));
    }
    await this.request.closed;
  }

  /** Answers an error instead. */
  async refuse(
    status: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    this.json(status, this.wire.problem(status, message), headers);
    await this.request.closed;
  }

  /** Answers 200 with what is no answer of any provider, and ends. */
  async answerRaw(contentType: string, body: string): Promise<void> {
    this.response.writeHead(200, { 'content-type': contentType });
    this.response.end(body);
    await this.request.closed;
  }

  /** Writes bytes as they are into a stream that is open. */
  async write(data: string | Buffer): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const step = this.chunkBytes ?? bytes.length;
    for (let from = 0; from < bytes.length; from += step) {
      if (this.response.destroyed) throw new ClientGone();
      if (!this.response.write(bytes.subarray(from, from + step))) await this.drained();
      if (this.chunkBytes !== undefined) await setImmediate();
    }
  }

  /** Ends the connection properly, without an end of the answer. */
  hangUp(): void {
    this.response.end();
  }

  /** Cuts the connection where it stands. */
  destroy(): void {
    this.cut = true;
    this.response.destroy();
  }

  /** Waits; not longer than the client does. */
  async pause(ms: number): Promise<void> {
    await Promise.race([delay(ms), this.request.closed]);
    if (this.response.destroyed) throw new ClientGone();
  }

  private async emit(kind: SentPiece['kind'], text: string): Promise<void> {
    this.said[kind] += text;
    if (!this.question.stream) return;
    await this.open();
    this.sent.push({ kind, text, atMs: monotonicMs() });
    await this.write(this.wire[kind](text));
  }

  private async drained(): Promise<void> {
    await Promise.race([once(this.response, 'drain'), this.request.closed]);
  }

  private json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
    if (this.response.destroyed) throw new ClientGone();
    this.response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.response.end(JSON.stringify(body));
  }
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}
