import type { FinishReason, ProblemCode, TokenUsage } from '@chat/shared-types';

/** One turn of what a model is asked, oldest first. */
export interface PromptTurn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** What a model is asked. */
export interface Prompt {
  /** The part of a model's id behind the provider: what the provider calls it. */
  readonly model: string;
  readonly system?: string;
  /** Where the last is the assistant's, the answer goes on from its text and does not repeat it. */
  readonly turns: readonly PromptTurn[];
  /** Ends the answer there; the model's own limit when absent. */
  readonly maxOutputTokens?: number;
}

/**
 * A piece of an answer, in the order it arrives. `finish` is the last. No text ends inside a
 * surrogate pair, and none is empty.
 */
export type AssistantDelta =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'usage'; readonly usage: TokenUsage }
  | { readonly type: 'finish'; readonly reason: FinishReason };

/** The one door to whatever answers: a provider's API, a local server, the built-in guide. */
export interface Assistant {
  /**
   * Asks and yields the answer while it arrives. What can be tried again before the first piece
   * (429, 5xx) was tried again already. Where a content filter cuts the answer off, what came
   * before is yielded and `reply-filtered` is thrown in place of the finish.
   *
   * @param signal ends the request at the provider; iterating then ends with an `AbortError`.
   * @throws AssistantError while iterating, for whatever the provider did wrong.
   */
  stream(prompt: Prompt, signal: AbortSignal): AsyncIterable<AssistantDelta>;
}

/** The codes of the contract that a provider can be the reason for. */
export type AssistantErrorCode = Extract<
  ProblemCode,
  `provider-${string}` | 'reply-empty' | 'reply-filtered'
>;

/** What went wrong at a provider. Its message is for the log and holds no key. */
export class AssistantError extends Error {
  override readonly name = 'AssistantError';

  constructor(
    readonly code: AssistantErrorCode,
    message: string,
    options?: ErrorOptions & {
      /** A sentence for the reader; that of the problem's kind when absent. */
      readonly detail?: string;
    },
  ) {
    super(message, options);
    this.detail = options?.detail;
  }

  readonly detail: string | undefined;
}
