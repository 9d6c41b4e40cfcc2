import type { FinishReason, ProblemCode, TokenUsage } from '@chat/shared-types';
import type { Types } from 'mongoose';
import { AssistantError, type AssistantDelta } from '../assistants/assistant.port.js';
import { addUsage, ReplyText } from './reply-text.js';

/** The longest reply that is kept, reasoning included, in UTF-16 code units. */
export const MAX_REPLY_LENGTH = 1_000_000;

/** Why a reply is not `complete`, for its reader. */
export interface Fault {
  readonly code: ProblemCode;
  /** A sentence; that of the kind when absent. */
  readonly detail?: string;
}

/** How a reply ends; which of several wins is decided by the database. */
export type Ending =
  | { readonly status: 'complete'; readonly finishReason: FinishReason }
  | { readonly status: 'stopped' }
  | { readonly status: 'interrupted' }
  | {
      readonly status: 'failed';
      readonly fault: Fault;
      readonly finishReason?: FinishReason;
      /** For the log; absent where it is the provider's everyday trouble. */
      readonly cause?: unknown;
    };

export interface RunLimits {
  readonly totalMs: number;
  readonly idleMs: number;
}

export interface RunKey {
  readonly id: Types.ObjectId;
  readonly userId: Types.ObjectId;
  readonly sessionId: Types.ObjectId;
  readonly attempt: number;
}

/** What earlier attempts left. */
export interface RunStart {
  readonly content: string;
  readonly reasoning: string;
  readonly usage: TokenUsage | null;
}

/** One try at a reply, in the process that asks the provider. */
export class ReplyRun {
  readonly text: ReplyText;
  private readonly usageBefore: TokenUsage | null;
  private usageNow: TokenUsage | null = null;
  private readonly provider = new AbortController();
  private readonly cut: Promise<Ending>;
  private cutShort!: (ending: Ending) => void;
  private isCut = false;

  constructor(
    readonly key: RunKey,
    { content, reasoning, usage }: RunStart,
  ) {
    this.text = new ReplyText({ messageId: key.id, attempt: key.attempt, content, reasoning });
    this.usageBefore = usage;
    this.cut = new Promise((resolve) => {
      this.cutShort = resolve;
    });
  }

  /** What the reply cost so far, earlier attempts included. */
  get usage(): TokenUsage | null {
    return addUsage(this.usageBefore, this.usageNow);
  }

  /** Ends it from outside; nothing is appended any more, and the provider is told. */
  end(ending: Ending): void {
    if (this.isCut) return;
    this.isCut = true;
    this.cutShort(ending);
    this.provider.abort();
  }

  /**
   * Asks and appends what arrives, until the answer ends by itself or is ended.
   *
   * @param ask starts the answer; its signal ends the request at the provider.
   */
  async write(
    ask: (signal: AbortSignal) => Promise<AsyncIterable<AssistantDelta>>,
    { totalMs, idleMs }: RunLimits,
  ): Promise<Ending> {
    const tooLong = (): void => this.end({ status: 'failed', fault: { code: 'provider-timeout' } });
    const total = setTimeout(tooLong, totalMs);
    const idle = setTimeout(tooLong, idleMs);
    try {
      return await Promise.race([this.cut, this.pump(ask, idle).catch(toEnding)]);
    } finally {
      clearTimeout(total);
      clearTimeout(idle);
      // Whatever still arrives arrives too late.
      this.isCut = true;
      this.provider.abort();
    }
  }

  private async pump(
    ask: (signal: AbortSignal) => Promise<AsyncIterable<AssistantDelta>>,
    idle: NodeJS.Timeout,
  ): Promise<Ending> {
    for await (const delta of await ask(this.provider.signal)) {
      if (this.isCut) break;
      idle.refresh();
      const ending = this.take(delta);
      if (ending !== undefined) return ending;
    }
    return { status: 'failed', fault: { code: 'provider-stream-broken' } };
  }

  /** @returns how it ends, where this piece is the last. */
  private take(delta: AssistantDelta): Ending | undefined {
    switch (delta.type) {
      case 'text':
        return this.append('content', delta.text);
      case 'reasoning':
        return this.append('reasoning', delta.text);
      case 'usage':
        this.usageNow = delta.usage;
        return undefined;
      case 'finish':
        return this.finished(delta.reason);
    }
  }

  private append(kind: 'content' | 'reasoning', text: string): Ending | undefined {
    const room = MAX_REPLY_LENGTH - this.text.content.length - this.text.reasoning.length;
    this.text.append(kind, text.slice(0, Math.max(0, room)));
    return text.length > room ? { status: 'complete', finishReason: 'length' } : undefined;
  }

  private finished(finishReason: FinishReason): Ending {
    if (finishReason === 'content_filter') {
      return { status: 'failed', fault: { code: 'reply-filtered' }, finishReason };
    }
    return this.text.content.length === 0
      ? { status: 'failed', fault: { code: 'reply-empty' }, finishReason }
      : { status: 'complete', finishReason };
  }
}

function toEnding(error: unknown): Ending {
  if (error instanceof AssistantError) {
    const fault: Fault = { code: error.code, detail: error.detail };
    // The one failure by which a model ends by itself.
    const isFiltered = error.code === 'reply-filtered';
    return {
      status: 'failed',
      fault,
      ...(isFiltered ? { finishReason: 'content_filter' } : {}),
      cause: error,
    };
  }
  return { status: 'failed', fault: { code: 'internal-error' }, cause: error };
}
