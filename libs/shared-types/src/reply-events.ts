import type { Message, TokenUsage } from './message.js';
import type { Problem } from './problem.js';

/**
 * The events of `GET …/messages/{id}/stream` (server-sent events). Every event has an `id`, to be
 * given back as `Last-Event-ID`. After `done` or `error` the stream closes.
 *
 * The texts of all `delta` events, joined, equal the stored content, whatever connection drops lay
 * between.
 */
export interface ReplyEvents {
  delta: { text: string };
  reasoning: { text: string };
  usage: TokenUsage;
  /** The reply ended: `complete` or `stopped`. */
  done: { message: Message };
  /** The reply ended `failed` or `interrupted`. `message` is the reply as it is stored. */
  error: { problem: Problem; message: Message };
}

export type ReplyEventName = keyof ReplyEvents;

/** One event, typed by its name. */
export type ReplyEvent = {
  [Name in ReplyEventName]: { event: Name; data: ReplyEvents[Name] };
}[ReplyEventName];
