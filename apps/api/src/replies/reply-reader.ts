import type { Message, ReplyEvent } from '@chat/shared-types';
import type { EventStream } from '../common/sse/event-stream.js';
import { Wakeup } from '../common/sse/wakeup.js';
import { encodePosition, type Position } from './position.js';
import type { ReplyText } from './reply-text.js';

/** The longest text in one event, in UTF-16 code units: what a slow reader holds in memory. */
const LONGEST_DELTA = 131_072;

/** Where reading begins. */
export type ReadingStart = Pick<Position, 'content' | 'reasoning' | 'usage'>;

/**
 * Sends a reply from a position on until its end, each piece as soon as it is there and the reader
 * has room. There is no queue: a slow reader gets larger pieces.
 */
export async function sendReply(
  stream: EventStream,
  text: ReplyText,
  from: ReadingStart,
): Promise<void> {
  const wakeup = new Wakeup();
  const unsubscribe = text.subscribe(wakeup.ring);
  stream.signal.addEventListener('abort', wakeup.ring);
  let { content, reasoning, usage } = from;
  const send = (event: ReplyEvent): Promise<void> =>
    stream.send({
      ...event,
      id: encodePosition({
        messageId: text.messageId.toHexString(),
        attempt: text.attempt,
        content,
        reasoning,
        usage,
      }),
    });
  try {
    while (!stream.isOver) {
      // Read before the text: what ends after this is seen in the next round.
      const { isOver, ended } = text;
      const thought = text.reasoning.from(reasoning, LONGEST_DELTA);
      const said = thought === '' ? text.content.from(content, LONGEST_DELTA) : '';
      if (thought !== '') {
        reasoning += thought.length;
        await send({ event: 'reasoning', data: { text: thought } });
      } else if (said !== '') {
        content += said.length;
        await send({ event: 'delta', data: { text: said } });
      } else if (!isOver) {
        await wakeup.next();
      } else {
        if (ended === undefined) break;
        if (ended.usage !== null && !usage) {
          usage = true;
          await send({ event: 'usage', data: ended.usage });
        }
        await send(lastEvent(ended));
        break;
      }
    }
  } finally {
    unsubscribe();
    stream.end();
  }
}

function lastEvent(message: Message): ReplyEvent {
  return message.error === null
    ? { event: 'done', data: { message } }
    : { event: 'error', data: { problem: message.error, message } };
}
