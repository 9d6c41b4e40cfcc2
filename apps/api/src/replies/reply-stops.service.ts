import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '@chat/shared-types';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Types } from 'mongoose';
import { notFound } from '../common/problem/problem.exception.js';
import type { StoredMessage } from '../messages/message.schema.js';
import type { MessageScope } from '../messages/messages.repository.js';
import { MessagesService } from '../messages/messages.service.js';
import { ReplyMessages } from '../messages/reply-messages.js';
import { toMessage } from '../messages/to-message.js';
import { SessionHooks } from '../sessions/session-hooks.js';
import { ReplyChunksRepository } from './reply-chunks.repository.js';
import { ReplyEndings } from './reply-endings.js';
import { ReplyRunsRepository } from './reply-runs.repository.js';
import { RunningReplies } from './running-replies.js';

/** How long another process may take to stop before this one does it, in milliseconds. */
const PATIENCE_MS = 2_000;
const POLL_MS = 40;

/** Stops replies, and tells messages/ what running ones say, wherever they are written. */
@Injectable()
export class ReplyStops implements OnModuleInit {
  constructor(
    private readonly messages: ReplyMessages,
    private readonly messagesService: MessagesService,
    private readonly sessionHooks: SessionHooks,
    private readonly runs: ReplyRunsRepository,
    private readonly chunks: ReplyChunksRepository,
    private readonly running: RunningReplies,
    private readonly endings: ReplyEndings,
  ) {}

  onModuleInit(): void {
    this.messagesService.connectReplies({
      textSoFar: (messages) => this.textSoFar(messages),
      messageDeleted: ({ userId }, id) => this.runs.requestStop(userId, id),
    });
    this.sessionHooks.onDelete((userId, sessionIds) => this.runs.requestStopIn(userId, sessionIds));
  }

  /** @returns the message as it stands, which is ended, whoever ended it. */
  async stop(scope: MessageScope, id: Types.ObjectId): Promise<Message> {
    const message = await this.messages.findLive(scope, id);
    if (message === null) throw notFound();
    if (message.status !== 'streaming') return toMessage(message);
    const stored = (await this.running.stop(id)) ?? (await this.stopElsewhere(message));
    return toMessage(stored);
  }

  private async stopElsewhere({ _id, user_id, attempt }: StoredMessage): Promise<StoredMessage> {
    await this.runs.requestStop(user_id, _id);
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const message = await this.messages.findAny(user_id, _id);
      if (message === null) throw notFound();
      if (message.status !== 'streaming' || message.attempt !== attempt) return message;
      if (performance.now() >= deadline) break;
      await delay(POLL_MS);
    }
    // Its process is dead or does not listen. Whoever wins, it has ended then.
    const [run] = await this.runs.running([_id]);
    if (run?.attempt === attempt) await this.endings.finishFromLog(run, { status: 'stopped' });
    const message = await this.messages.findAny(user_id, _id);
    if (message === null) throw notFound();
    return message;
  }

  private async textSoFar(
    messages: readonly StoredMessage[],
  ): Promise<Map<string, { content: string; reasoning: string | null }>> {
    const texts = await Promise.all(messages.map((message) => this.textOf(message)));
    return new Map(
      texts.map(({ content, reasoning }, i) => [
        messages[i]?._id.toHexString() ?? '',
        { content, reasoning: reasoning === '' ? null : reasoning },
      ]),
    );
  }

  private async textOf({
    _id,
    attempt,
    content,
    reasoning,
  }: StoredMessage): Promise<{ content: string; reasoning: string }> {
    const here = this.running.get(_id)?.text;
    if (here?.attempt === attempt) {
      return { content: here.content.toString(), reasoning: here.reasoning.toString() };
    }
    const log = await this.chunks.from({ messageId: _id, attempt }, 0);
    return {
      content: content + log.map((chunk) => chunk.text).join(''),
      reasoning: (reasoning ?? '') + log.map((chunk) => chunk.reasoning).join(''),
    };
  }
}
