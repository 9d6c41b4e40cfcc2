import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Types } from 'mongoose';
import { notFound } from '../common/problem/problem.exception.js';
import { EventStreams } from '../common/sse/event-streams.js';
import type { StoredMessage } from '../messages/message.schema.js';
import type { MessageScope } from '../messages/messages.repository.js';
import { ReplyMessages } from '../messages/reply-messages.js';
import { toMessage } from '../messages/to-message.js';
import { badPosition, parsePosition, type Position } from './position.js';
import { RemoteReplies, type Followed } from './remote-replies.js';
import { sendReply, type ReadingStart } from './reply-reader.js';
import { ReplyText } from './reply-text.js';
import { RunningReplies } from './running-replies.js';

/**
 * What one process has shown, another has to read first: how long that may take, in milliseconds,
 * before a position beyond the text is taken for a wrong one.
 */
const CATCH_UP_MS = 1_500;
const CATCH_UP_POLL_MS = 50;

/** Lets any number of readers follow a message, wherever it is written. */
@Injectable()
export class ReplyStreams {
  constructor(
    private readonly messages: ReplyMessages,
    private readonly running: RunningReplies,
    private readonly remote: RemoteReplies,
    private readonly streams: EventStreams,
  ) {}

  /**
   * Answers with the events of a message, from the beginning or from where the reader was; settles
   * when the response has ended. What is no reply, or has ended, is sent at once.
   *
   * @throws a 404, or a 400 for a position that is none of this text, before anything is sent.
   */
  async send(
    scope: MessageScope,
    id: Types.ObjectId,
    lastEventId: string | string[] | undefined,
    reply: FastifyReply,
  ): Promise<void> {
    const position = parsePosition(id.toHexString(), lastEventId);
    const message = await this.messages.findLive(scope, id);
    if (message === null) throw notFound();
    const followed = await this.follow(message);
    const { text } = followed;
    try {
      const from = await startOf(position, message, text);
      await sendReply(this.streams.begin(reply), text, from);
    } finally {
      followed.release();
    }
  }

  private follow(message: StoredMessage): Promise<Followed> | Followed {
    const here = this.running.get(message._id)?.text;
    if (here?.attempt === message.attempt) return { text: here, release: here.countReader() };
    if (message.status === 'streaming') return this.remote.follow(message);
    const { _id, attempt, content, reasoning } = message;
    const text = new ReplyText({ messageId: _id, attempt, content, reasoning: reasoning ?? '' });
    text.end(toMessage(message));
    return { text, release: () => undefined };
  }
}

/** @throws a 400 for a position that no reader of this text can have. */
async function startOf(
  position: Position | undefined,
  message: StoredMessage,
  text: ReplyText,
): Promise<ReadingStart> {
  if (position === undefined) return { content: 0, reasoning: 0, usage: false };
  if (position.attempt === text.attempt) await caughtUp(position, text);
  else assertKept(position, message);
  if (
    !text.content.isBoundary(position.content) ||
    !text.reasoning.isBoundary(position.reasoning)
  ) {
    throw badPosition('lies beyond what there is of this reply');
  }
  // What an earlier attempt cost is not what the reply costs now.
  return { ...position, usage: position.usage && position.attempt === text.attempt };
}

/** An attempt that is over may have been kept only in part: what its readers saw may be gone. */
function assertKept({ attempt, content, reasoning }: Position, message: StoredMessage): void {
  const kept = message.kept_lengths[attempt - 1];
  if (kept === undefined || content > kept.content || reasoning > kept.reasoning) {
    throw badPosition('lies in a text that was not kept');
  }
}

async function caughtUp({ content, reasoning }: Position, text: ReplyText): Promise<void> {
  const deadline = performance.now() + CATCH_UP_MS;
  const isBehind = (): boolean =>
    text.content.length < content || text.reasoning.length < reasoning;
  while (isBehind() && !text.isOver && performance.now() < deadline) await delay(CATCH_UP_POLL_MS);
}
