import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Types } from 'mongoose';
import type { AssistantDelta } from '../assistants/assistant.port.js';
import { ProblemException } from '../common/problem/problem.exception.js';
import { AppConfig } from '../config/app-config.js';
import type { StoredMessage } from '../messages/message.schema.js';
import { ChunkWriter } from './chunk-writer.js';
import { ReplyEndings, ReplyGone } from './reply-endings.js';
import { ReplyOwnersRepository } from './reply-owners.js';
import type { ReplyRun } from './reply-run.js';
import { ReplyRunsRepository } from './reply-runs.repository.js';

/** How often this process says that it lives, while it has something to live for. */
const HEARTBEAT_MS = 2_000;
/** How soon a stop that came in through another process is heard. */
const STOP_POLL_MS = 125;

export type Ask = (signal: AbortSignal) => Promise<AsyncIterable<AssistantDelta>>;

interface Entry {
  readonly run: ReplyRun;
  /** How it was stored; undefined where that failed for good. */
  readonly done: Promise<StoredMessage | undefined>;
}

/** The replies that this process writes, from their start to their stored end. */
@Injectable()
export class RunningReplies implements OnModuleDestroy {
  /** Names this process in the database; another one after every start. */
  readonly owner = randomUUID();
  private readonly logger = new Logger('Replies');
  private readonly entries = new Map<string, Entry>();
  private timers: NodeJS.Timeout[] = [];
  private closing = false;
  private polling = false;

  constructor(
    private readonly config: AppConfig,
    private readonly endings: ReplyEndings,
    private readonly writer: ChunkWriter,
    private readonly runs: ReplyRunsRepository,
    private readonly owners: ReplyOwnersRepository,
  ) {}

  /** @throws a 503 where this process is about to end. */
  assertOpen(): void {
    if (this.closing) {
      throw new ProblemException('unavailable', { headers: { 'Retry-After': '1' } });
    }
  }

  get(id: Types.ObjectId): ReplyRun | undefined {
    return this.entries.get(id.toHexString())?.run;
  }

  /**
   * Lets a reply be written, whoever reads it. To be called outside of any transaction: what goes
   * on here must not belong to it.
   *
   * @param afterwards is told how it was stored.
   */
  start(run: ReplyRun, ask: Ask, afterwards: (message: StoredMessage) => void): void {
    const id = run.key.id.toHexString();
    this.writer.watch(run.text);
    const done = this.see(run, ask, afterwards).finally(() => {
      this.entries.delete(id);
      if (this.entries.size === 0) this.rest();
    });
    this.entries.set(id, { run, done });
    this.wake();
    if (this.closing) run.end({ status: 'interrupted' });
  }

  /** Stops a reply that is written here. @returns how it was stored, whoever ended it. */
  async stop(id: Types.ObjectId): Promise<StoredMessage | undefined> {
    const entry = this.entries.get(id.toHexString());
    entry?.run.end({ status: 'stopped' });
    return entry?.done;
  }

  /** Ends all of them with everything written, while readers can still be told. */
  async onModuleDestroy(): Promise<void> {
    this.closing = true;
    for (const { run } of this.entries.values()) run.end({ status: 'interrupted' });
    await Promise.all([...this.entries.values()].map(({ done }) => done));
  }

  private async see(
    run: ReplyRun,
    ask: Ask,
    afterwards: (message: StoredMessage) => void,
  ): Promise<StoredMessage | undefined> {
    try {
      const ending = await run.write(ask, {
        totalMs: this.config.replyTimeoutSeconds * 1000,
        idleMs: this.config.replyIdleTimeoutSeconds * 1000,
      });
      const message = await this.endings.finish(run, ending);
      afterwards(message);
      return message;
    } catch (error) {
      if (!(error instanceof ReplyGone)) {
        this.logger.error({ err: error }, 'The end of a reply could not be stored.');
      }
      run.text.lose();
      return undefined;
    }
  }

  private wake(): void {
    if (this.timers.length > 0) return;
    void this.beat();
    this.timers = [
      setInterval(() => void this.beat(), HEARTBEAT_MS),
      setInterval(() => void this.hearStops(), STOP_POLL_MS),
    ];
  }

  private rest(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
  }

  /** Says that this process lives, and learns what others have ended. */
  private async beat(): Promise<void> {
    const before = [...this.entries.values()].map(({ run }) => run);
    try {
      await this.owners.beat(this.owner);
      const mine = new Set((await this.runs.ownedBy(this.owner)).map((id) => id.toHexString()));
      for (const run of before) {
        if (!mine.has(run.key.id.toHexString())) run.end({ status: 'interrupted' });
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'This process could not say that it lives.');
    }
  }

  private async hearStops(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      for (const id of await this.runs.stopRequests(this.owner)) {
        this.get(id)?.end({ status: 'stopped' });
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'Requests to stop could not be read.');
    } finally {
      this.polling = false;
    }
  }
}
