import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ApiError, UnreachableError } from './api-error.js';
import { openStream } from './http-client.js';

/** The server sends a comment at least every 15 s: after three of them, nobody is there. */
const SILENCE_MS = 45_000;
/** The wait before the first new try; it doubles with each further one. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** One server-sent event; its data is parsed and not yet trusted to have a shape. */
export interface StreamEvent {
  name: string;
  data: unknown;
}

export interface StreamReader {
  path: string;
  /** Ends the reading, without an error. */
  signal: AbortSignal;
  /** @returns whether this was the last event: the stream is not opened again. */
  onEvent: (event: StreamEvent) => boolean;
  /** A connection is there. @param resumed whether it goes on from an earlier one. */
  onOpen?: (resumed: boolean) => void;
  /** A connection is gone; another try follows. */
  onDrop?: () => void;
  /** The kept position is refused: everything comes again from the beginning. */
  onRestart?: () => void;
  /** Failed tries in a row before it gives up; without it, it never does. */
  patience?: number;
}

/**
 * Reads a stream of server-sent events to its last one. A dropped connection is opened again from
 * where it broke, after a wait that grows; `fetch` rather than `EventSource`, which can send no
 * `Authorization` header.
 *
 * @throws {ApiError} the server refuses for good (any 4xx but 408 and 429).
 * @throws {UnreachableError} the patience is at its end.
 */
export async function followEvents(reader: StreamReader): Promise<void> {
  const position: Position = { id: undefined, failures: 0, firstWaitMs: FIRST_WAIT_MS };
  // A flag that others raise: asked anew each time.
  const ended = (): boolean => reader.signal.aborted;
  while (!ended()) {
    try {
      if (await readConnection(reader, position)) return;
    } catch (error) {
      if (ended()) return;
      if (isStatus(error, 400) && position.id !== undefined) {
        position.id = undefined;
        reader.onRestart?.();
        continue;
      }
      if (isFinal(error)) throw error;
    }
    if (ended()) return;
    position.failures += 1;
    if (position.failures > (reader.patience ?? Infinity)) throw new UnreachableError(undefined);
    reader.onDrop?.();
    await pause(waitFor(position), reader.signal);
  }
}

/** How far the reading has come. */
interface Position {
  /** Of the last event, or undefined before the first. */
  id: string | undefined;
  /** Since the last event. */
  failures: number;
  /** The server may ask for another. */
  firstWaitMs: number;
}

/** @returns whether the last event was read; a connection that ends before it is a dropped one. */
async function readConnection(reader: StreamReader, position: Position): Promise<boolean> {
  const silence = new AbortController();
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  function listen(): void {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => silence.abort(), SILENCE_MS);
  }
  listen();
  const signal = AbortSignal.any([reader.signal, silence.signal]);
  try {
    const { body } = await openStream(reader.path, position.id, signal);
    if (!body) return false;
    reader.onOpen?.(position.id !== undefined);
    const parser = new EventSourceParserStream({
      onComment: listen,
      onRetry: (ms) => (position.firstWaitMs = Math.min(ms, LONGEST_WAIT_MS)),
    });
    const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(parser).getReader();
    signal.addEventListener('abort', () => void events.cancel().catch(() => undefined));
    for (;;) {
      const { done, value } = await events.read();
      if (done) return false;
      listen();
      position.failures = 0;
      const last = reader.onEvent({
        name: value.event ?? 'message',
        data: JSON.parse(value.data) as unknown,
      });
      // After the event was taken: one that could not be read is asked for again.
      if (value.id !== undefined) position.id = value.id;
      if (last) {
        await events.cancel();
        return true;
      }
    }
  } finally {
    clearTimeout(watchdog);
  }
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

/** Another try would be answered the same. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status < 500 && error.status !== 408 && error.status !== 429;
}

function waitFor({ failures, firstWaitMs }: Position): number {
  const wait = Math.min(firstWaitMs * 2 ** (failures - 1), LONGEST_WAIT_MS);
  // Readers that lost the same server do not all come back in the same moment.
  return wait * (0.75 + Math.random() / 2);
}

/** Waits; less where the network comes back or someone looks at the page again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const listening = { signal: over.signal };
    addEventListener('online', end, listening);
    document.addEventListener('visibilitychange', end, listening);
    signal.addEventListener('abort', end, listening);
  });
}
