import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProblemException } from '../problem/problem.exception.js';
import { EventStream } from './event-stream.js';

/** Whom a stream tells something, as authentication leaves it at the request. */
export interface StreamUser {
  /** 24 hex digits. */
  readonly id: string;
  /** 24 hex digits. */
  readonly loginId?: string;
}

/**
 * Every open response of server-sent events of this process, so that all of them end with it.
 * Whoever has a last word for the clients says it in `onModuleDestroy`, which comes before.
 */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly open = new Map<EventStream, StreamUser | undefined>();
  private ending = false;

  /**
   * Begins a response.
   *
   * @throws a 503 where the process is about to end: the client finds another, or this one again.
   */
  begin(reply: FastifyReply): EventStream {
    if (this.ending) throw new ProblemException('unavailable', { headers: { 'Retry-After': '1' } });
    const stream = new EventStream(reply);
    this.open.set(stream, (reply.request as { user?: StreamUser }).user);
    stream.signal.addEventListener('abort', () => this.open.delete(stream));
    // A HEAD request wants to know what a GET would be, not to wait for it.
    if (reply.request.method === 'HEAD') stream.end();
    return stream;
  }

  /** Ends those of users, or of logins, that may hear no more. */
  endOf(isMeant: (user: StreamUser) => boolean): void {
    for (const [stream, user] of this.open) {
      if (user !== undefined && isMeant(user)) stream.end();
    }
  }

  beforeApplicationShutdown(): void {
    this.ending = true;
    for (const stream of this.open.keys()) stream.end();
  }
}
