import type { Problem, ProblemCode } from '@chat/shared-types';
import { problemType } from '@chat/shared-types';
import { vi } from 'vitest';

/** One request as it left the page. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: Headers;
  json: unknown;
  /** Ended when the page gives the request up. */
  signal: AbortSignal | null;
}

export type Answer = Response | Promise<Response>;

/**
 * Stands in for the network: each request is shown to the script, which answers. The page's own
 * parts all run.
 *
 * @returns every request, in the order they were sent.
 */
export function scriptFetch(script: (request: SeenRequest) => Answer): SeenRequest[] {
  const seen: SeenRequest[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    const { body } = init;
    const request: SeenRequest = {
      method: init.method ?? 'GET',
      path,
      headers: new Headers(init.headers),
      json: typeof body === 'string' ? (JSON.parse(body) as unknown) : undefined,
      signal: init.signal ?? null,
    };
    seen.push(request);
    return script(request);
  });
  return seen;
}

export function answer(
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  return new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
}

export function refuse(status: number, code: ProblemCode, detail = 'No.'): Response {
  const problem: Problem = { type: problemType(code), title: code, status, detail, instance: '/' };
  return answer(problem, status);
}

/** What `fetch` does when no answer comes. */
export function noAnswer(): Promise<Response> {
  return Promise.reject(new TypeError('Failed to fetch'));
}

/** An answer that comes when it is told to. */
export function heldAnswer(): { promise: Promise<Response>; give: (response: Response) => void } {
  let give: (response: Response) => void = () => undefined;
  const promise = new Promise<Response>((resolve) => {
    give = resolve;
  });
  return { promise, give };
}

/** A stream of server-sent events that says what it is told to, when it is told to. */
export interface ScriptedStream {
  response: Response;
  /** Sends one event; its id is what the page gives back to go on from here. */
  send: (event: string, data: unknown, id: string) => void;
  /** The connection breaks. */
  breakOff: () => void;
  close: () => void;
}

export function scriptStream(): ScriptedStream {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start(started) {
      controller = started;
    },
  });
  const encoder = new TextEncoder();
  return {
    response: new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }),
    send: (event, data, id) => {
      const text = `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
      controller.enqueue(encoder.encode(text));
    },
    breakOff: () => {
      controller.error(new TypeError('network error'));
    },
    close: () => {
      controller.close();
    },
  };
}
