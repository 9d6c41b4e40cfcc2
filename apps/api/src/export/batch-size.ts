import type { StoredMessage } from '../messages/message.schema.js';

/** What is read at once: small beside the memory of the process, also while it is copied about. */
const CHARACTERS = 400_000;
const FIRST = 8;
const FEWEST = 2;
const MOST = 250;

/**
 * How many messages to read next, by the length of those before: many of a chat's short ones, a few
 * of those that fill pages. Messages of a session are much alike, so a batch stays near its measure.
 */
export class BatchSize {
  private size = FIRST;

  get next(): number {
    return this.size;
  }

  /** Learns from what was read. */
  learn(messages: readonly StoredMessage[]): void {
    if (messages.length === 0) return;
    let characters = 0;
    for (const { content, reasoning } of messages) {
      characters += content.length + ((reasoning as string | null | undefined)?.length ?? 0);
    }
    const fitting = Math.floor((CHARACTERS * messages.length) / Math.max(1, characters));
    // Growing step by step: the next ones may be longer.
    this.size = Math.max(FEWEST, Math.min(MOST, fitting, this.size * 4));
  }
}
