import type { Message, TokenUsage } from '@chat/shared-types';
import type { Types } from 'mongoose';
import { GrowingText } from './growing-text.js';

/** What a reply says before the current attempt goes on, and which attempt that is. */
export interface ReplyStart {
  readonly messageId: Types.ObjectId;
  readonly attempt: number;
  readonly content: string;
  readonly reasoning: string;
}

/**
 * A reply as this process knows it while it is written: here, or by another process. Any number of
 * readers follow it, each with no more than offsets of its own.
 */
export class ReplyText {
  readonly messageId: Types.ObjectId;
  readonly attempt: number;
  readonly content: GrowingText;
  readonly reasoning: GrowingText;
  private readonly listeners = new Set<() => void>();
  private readerCount = 0;
  private over: { message: Message | undefined } | undefined;

  constructor({ messageId, attempt, content, reasoning }: ReplyStart) {
    this.messageId = messageId;
    this.attempt = attempt;
    this.content = new GrowingText(content);
    this.reasoning = new GrowingText(reasoning);
  }

  get isOver(): boolean {
    return this.over !== undefined;
  }

  /** The reply as it is stored, once it has ended with the text that is here. */
  get ended(): Message | undefined {
    return this.over?.message;
  }

  append(kind: 'content' | 'reasoning', text: string): void {
    if (this[kind].append(text) > 0) this.tell();
  }

  /** Whether anybody follows it through this process. */
  get isRead(): boolean {
    return this.readerCount > 0;
  }

  /** Notes somebody who follows it, until what is returned is called, once. */
  countReader(): () => void {
    this.readerCount += 1;
    return () => {
      this.readerCount -= 1;
    };
  }

  /** Half a character at the end is all that there will ever be of it. */
  complete(): void {
    this.content.complete();
    this.reasoning.complete();
  }

  /**
   * The reply has ended, here or elsewhere. Where it was kept with another text than the one that
   * is here (somebody else ended it), nothing can follow for the readers: they begin again.
   */
  end(message: Message): void {
    if (this.over !== undefined) return;
    const kept =
      complement(this.content, message.content) &&
      complement(this.reasoning, message.reasoning ?? '');
    this.over = { message: kept ? message : undefined };
    this.tell();
  }

  /** Nobody here knows how it goes on: the readers ask again. */
  lose(): void {
    this.over ??= { message: undefined };
    this.tell();
  }

  /** @returns what ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** What the attempts at one reply cost together. */
export function addUsage(before: TokenUsage | null, now: TokenUsage | null): TokenUsage | null {
  if (before === null || now === null) return now ?? before;
  return {
    input_tokens: before.input_tokens + now.input_tokens,
    output_tokens: before.output_tokens + now.output_tokens,
  };
}

/** Appends what the stored text has more. @returns whether the rest is the same. */
function complement(here: GrowingText, stored: string): boolean {
  if (!stored.startsWith(here.toString())) return false;
  here.append(stored.slice(here.length));
  return true;
}
