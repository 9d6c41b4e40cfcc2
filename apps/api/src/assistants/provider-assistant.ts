import { setTimeout as delay } from 'node:timers/promises';
import type { FinishReason, TokenUsage } from '@chat/shared-types';
import { abortError } from './abort-error.js';
import {
  AssistantError,
  type Assistant,
  type AssistantDelta,
  type Prompt,
} from './assistant.port.js';
import { breakOf } from './patient-fetch.js';
import { isContinuation, promptMessages, type Continuation } from './prompt-messages.js';
import { isTimeout, providerFailure, type ProviderFailure } from './provider-failure.js';
import type { LanguageModel, ProviderClient, StreamPart } from './provider-clients.js';
import { WholeCharacters } from './whole-characters.js';

/** How often, and after how long, a request is repeated that found the provider unwell. */
export interface RetryPolicy {
  readonly retries: number;
  /** Before the first repetition; twice as long before each other one. */
  readonly baseDelayMs: number;
  /** A provider that asks for more patience than this is not asked again. */
  readonly longestDelayMs: number;
}

const RETRY_POLICY: RetryPolicy = { retries: 2, baseDelayMs: 250, longestDelayMs: 10_000 };

/** How long the end of the connection is waited for behind the end of the answer. */
const END_PATIENCE_MS = 250;

/** What servers answer that do not take a partial answer at the end of a prompt. */
const PREFILL_REFUSALS = [400, 422, 501];

/** A provider behind the port: asks through the SDK, once or more, and translates what comes. */
export class ProviderAssistant implements Assistant {
  constructor(
    private readonly client: ProviderClient,
    private readonly policy: RetryPolicy = RETRY_POLICY,
  ) {}

  async *stream(prompt: Prompt, signal: AbortSignal): AsyncIterable<AssistantDelta> {
    // Also ended when the reader stops iterating, which the caller's signal does not tell.
    const connection = new AbortController();
    const abort = (): void => {
      connection.abort();
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (signal.aborted) throw abortError();
      yield* this.askUntilAnswered(prompt, connection.signal);
    } catch (error) {
      throw signal.aborted ? abortError() : error;
    } finally {
      signal.removeEventListener('abort', abort);
      connection.abort();
    }
  }

  private async *askUntilAnswered(
    prompt: Prompt,
    signal: AbortSignal,
  ): AsyncIterable<AssistantDelta> {
    let { continuation } = this.client;
    for (let retries = 0; ;) {
      let begun = false;
      try {
        for await (const delta of this.ask(prompt, continuation, signal)) {
          begun = true;
          yield delta;
        }
        return;
      } catch (error) {
        const { id: provider, apiKey } = this.client;
        const failure = providerFailure(error, { provider, apiKey, begun });
        if (begun || signal.aborted) throw failure.error;
        if (continuation === 'prefill' && isRefusedPrefill(failure, prompt)) {
          continuation = 'instruction';
          continue;
        }
        const waitMs = this.waitBefore(retries, failure);
        if (waitMs === undefined) throw failure.error;
        retries += 1;
        await delay(waitMs, undefined, { signal });
      }
    }
  }

  /** Asks once. */
  private async *ask(
    prompt: Prompt,
    continuation: Continuation,
    signal: AbortSignal,
  ): AsyncIterable<AssistantDelta> {
    const model: LanguageModel = this.client.model(prompt.model);
    const { stream } = await model.doStream({
      prompt: promptMessages(prompt, continuation),
      maxOutputTokens: prompt.maxOutputTokens,
      abortSignal: signal,
    });
    const reader = stream.getReader();
    const translation = new Translation(isContinuation(prompt), signal);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw translation.brokenOff();
      if (value.type === 'finish') {
        // Read to its end, the connection can be used again.
        await Promise.race([
          reader.read().catch(() => undefined),
          delay(END_PATIENCE_MS, undefined, { ref: false }),
        ]);
        yield* translation.finish(value);
        return;
      }
      const delta = translation.next(value);
      if (delta !== undefined) yield delta;
    }
  }

  /** Milliseconds until the next try, or undefined where there is none. */
  private waitBefore(retriesSoFar: number, failure: ProviderFailure): number | undefined {
    const { retries, baseDelayMs, longestDelayMs } = this.policy;
    if (!failure.isTransient || retriesSoFar >= retries) return undefined;
    const asked = failure.retryAfterMs;
    if (asked !== undefined) return asked <= longestDelayMs ? asked : undefined;
    // Half of it is random: what failed together shall not come back together.
    return baseDelayMs * 2 ** retriesSoFar * (0.5 + Math.random() / 2);
  }
}

/** From the parts of the SDK to the deltas of the port; remembers what it needs for the end. */
class Translation {
  private readonly text = new WholeCharacters();
  private readonly reasoning = new WholeCharacters();
  private hasText = false;
  private hasBegun = false;

  /**
   * @param goesOn whether there is text already, so that an end without a word is no fault.
   * @param signal that of the request, which tells why its connection broke.
   */
  constructor(
    private readonly goesOn: boolean,
    private readonly signal: AbortSignal,
  ) {}

  next(part: StreamPart): AssistantDelta | undefined {
    if (part.type === 'error') throw this.isUnfinished(part.error) ? this.brokenOff() : part.error;
    if (part.type === 'text-delta') return this.piece('text', this.text.take(part.delta));
    if (part.type === 'reasoning-delta') {
      return this.piece('reasoning', this.reasoning.take(part.delta));
    }
    return undefined;
  }

  *finish(part: Extract<StreamPart, { type: 'finish' }>): Iterable<AssistantDelta> {
    const { unified, raw } = part.finishReason;
    // Without any reason of the provider, the stream has ended and the answer has not.
    if (unified === 'error' || (unified === 'other' && raw === undefined)) throw this.brokenOff();
    const rest = this.piece('text', this.text.end());
    if (rest !== undefined) yield rest;
    const usage = usageOf(part.usage);
    if (usage !== undefined) yield { type: 'usage', usage };
    if (unified === 'content-filter') {
      throw new AssistantError('reply-filtered', 'A content filter ended the answer.');
    }
    const reason: FinishReason = unified === 'length' ? 'length' : 'stop';
    if (!this.hasText && !this.goesOn) throw this.empty(reason);
    yield { type: 'finish', reason };
  }

  /** What it means that nothing follows and there was no end. */
  brokenOff(): AssistantError {
    const cause = breakOf(this.signal);
    if (cause !== undefined && isTimeout(cause)) {
      return new AssistantError('provider-timeout', 'The connection fell silent.');
    }
    if (cause !== undefined || this.hasBegun) {
      return new AssistantError(
        'provider-stream-broken',
        'The stream ended before the answer did.',
      );
    }
    return new AssistantError('provider-failed', 'What was answered is in no known format.', {
      detail:
        'What the server of this model sent is no answer. Have its address in the configuration checked, or retry.',
    });
  }

  /** Whether the SDK missed the end of the answer, which is its name for invalid data. */
  private isUnfinished(error: unknown): boolean {
    return (error as { name?: unknown } | null)?.name === 'AI_InvalidResponseDataError';
  }

  private empty(reason: FinishReason): AssistantError {
    return new AssistantError('reply-empty', `The answer ended (${reason}) without a word.`, {
      detail:
        reason === 'length'
          ? 'The model reached its limit before its first word. Shorten the conversation or choose another model.'
          : undefined,
    });
  }

  private piece(type: 'text' | 'reasoning', text: string): AssistantDelta | undefined {
    if (text === '') return undefined;
    this.hasBegun = true;
    if (type === 'text') this.hasText = true;
    return { type, text };
  }
}

function isRefusedPrefill({ status = 0 }: ProviderFailure, prompt: Prompt): boolean {
  return PREFILL_REFUSALS.includes(status) && isContinuation(prompt);
}

function usageOf({
  inputTokens,
  outputTokens,
}: Extract<StreamPart, { type: 'finish' }>['usage']): TokenUsage | undefined {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return undefined;
  return { input_tokens: inputTokens.total ?? 0, output_tokens: outputTokens.total ?? 0 };
}
