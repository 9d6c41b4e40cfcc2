import { setTimeout as delay } from 'node:timers/promises';
import type { MessageStatus, Problem } from '@chat/shared-types';
import { Injectable, Logger } from '@nestjs/common';
import { ProblemException } from '../common/problem/problem.exception.js';
import type { StoredMessage } from '../messages/message.schema.js';
import { toMessage } from '../messages/to-message.js';
import { ReplyMessages, type ReplyEnd } from '../messages/reply-messages.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionChanges } from '../sessions/session-changes.js';
import { ChunkWriter } from './chunk-writer.js';
import { ReplyChunksRepository } from './reply-chunks.repository.js';
import type { StoredRun } from './reply-run.schema.js';
import type { Ending, ReplyRun, RunKey } from './reply-run.js';
import { ReplyRunsRepository } from './reply-runs.repository.js';

/** How often and how patiently an end is written where the database does not answer. */
const TRIES = 20;
const LONGEST_PAUSE_MS = 2_000;

/** The message was removed for good while its reply was written: there is nothing to end. */
export class ReplyGone extends Error {}

/**
 * The one place where a reply ends. Whoever wants to end it (its own end, a stop, the reaper of any
 * process) goes through one guarded write, so exactly one of them wins.
 */
@Injectable()
export class ReplyEndings {
  private readonly logger = new Logger('Replies');

  constructor(
    private readonly messages: ReplyMessages,
    private readonly runs: ReplyRunsRepository,
    private readonly chunks: ReplyChunksRepository,
    private readonly writer: ChunkWriter,
    private readonly transactions: Transactions,
    private readonly changes: SessionChanges,
  ) {}

  /**
   * Ends a reply that this process writes, with all of its text.
   *
   * @returns the reply as it is stored, whoever ended it.
   */
  async finish(run: ReplyRun, ending: Ending): Promise<StoredMessage> {
    const { key, text } = run;
    text.complete();
    await this.writer.release(text);
    const message = await this.persistently(() =>
      this.store(
        key,
        {
          ...describe(ending, key),
          content: text.content.toString(),
          reasoning: text.reasoning.length === 0 ? null : text.reasoning.toString(),
          usage: run.usage,
        },
        text.isRead,
      ),
    );
    text.end(toMessage(message));
    this.report(ending, key);
    return message;
  }

  /** Ends a reply whose writer is gone or deaf, with what it had written down. */
  async finishFromLog(run: StoredRun, ending: Ending): Promise<void> {
    const key = {
      id: run._id,
      userId: run.user_id,
      sessionId: run.session_id,
      attempt: run.attempt,
    };
    const message = await this.messages.findAny(key.userId, key.id);
    if (message?.status !== 'streaming' || message.attempt !== key.attempt) {
      await this.clear(key);
      return;
    }
    const log = await this.chunks.from({ messageId: key.id, attempt: key.attempt }, 0);
    const content = message.content + log.map(({ text }) => text).join('');
    const reasoning = (message.reasoning ?? '') + log.map((chunk) => chunk.reasoning).join('');
    const end = {
      ...describe(ending, key),
      content,
      reasoning: reasoning === '' ? null : reasoning,
      usage: message.usage,
    };
    await this.store(key, end, false);
  }

  /**
   * The message first: where there are no transactions, the run left behind is cleared later.
   *
   * @param isReadHere whether somebody follows it through this process.
   */
  private async store(key: RunKey, end: ReplyEnd, isReadHere: boolean): Promise<StoredMessage> {
    const { id, userId, attempt } = key;
    const ended = await this.transactions.run(async () => {
      // Whoever stops a reply has seen it.
      const isSeen = isReadHere || end.status === 'stopped';
      const isRead = isSeen || (await this.runs.isFollowed(id, attempt));
      const message = await this.messages.finishReply(userId, id, attempt, end, isRead);
      if (message !== null) await this.clear(key);
      return message;
    });
    this.changes.announce(key.userId);
    if (ended !== null) return ended;
    // Somebody else was faster. What was written down since then is nobody's.
    await this.clear(key);
    const message = await this.messages.findAny(key.userId, key.id);
    if (message === null) throw new ReplyGone();
    return message;
  }

  private async clear({ id, attempt }: RunKey): Promise<void> {
    await this.runs.delete(id, attempt);
    await this.chunks.delete({ messageId: id, attempt });
  }

  private async persistently<T>(work: () => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await work();
      } catch (error) {
        if (tried === TRIES || error instanceof ReplyGone) throw error;
        this.logger.warn({ err: error }, 'The end of a reply could not be stored; trying again.');
        await delay(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** tried));
      }
    }
  }

  private report(ending: Ending, { id }: RunKey): void {
    if (ending.status !== 'failed' || ending.cause === undefined) return;
    const unforeseen = ending.fault.code === 'internal-error';
    this.logger[unforeseen ? 'error' : 'warn'](
      { err: ending.cause, reply: id.toHexString() },
      `A reply failed: ${ending.fault.code}`,
    );
  }
}

function describe(
  ending: Ending,
  { id, sessionId }: RunKey,
): { status: MessageStatus } & Pick<ReplyEnd, 'finish_reason' | 'error'> {
  const problem = (code: ProblemException['code'], detail?: string): Problem =>
    new ProblemException(code, { detail }).toProblem(
      `/chat/sessions/${sessionId.toHexString()}/messages/${id.toHexString()}`,
    );
  switch (ending.status) {
    case 'complete':
      return { status: 'complete', finish_reason: ending.finishReason, error: null };
    case 'stopped':
      return { status: 'stopped', finish_reason: null, error: null };
    case 'interrupted':
      return { status: 'interrupted', finish_reason: null, error: problem('reply-interrupted') };
    case 'failed':
      return {
        status: 'failed',
        finish_reason: ending.finishReason ?? null,
        error: problem(ending.fault.code, ending.fault.detail),
      };
  }
}
