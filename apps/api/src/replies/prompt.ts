import type { PromptTurn } from '../assistants/assistant.port.js';

/** What a prompt turns on, of a message. */
export interface PathMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface PromptParts {
  readonly system: string | undefined;
  /** Oldest first. */
  readonly turns: PromptTurn[];
  /** Whether older turns did not fit. */
  readonly isCut: boolean;
}

/** A part of the context window that is kept free for the answer, and at most so many tokens. */
const ANSWER_SHARE = 0.25;
const ANSWER_MAX = 8_192;
/** What a provider adds to each turn. */
const TOKENS_PER_TURN = 8;
/**
 * No tokenizer of any provider needs a token for less than this in ordinary text of any script:
 * English has about four bytes a token, Chinese about three.
 */
const BYTES_PER_TOKEN = 3;

/** A cautious guess: rather too many than too few. */
function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN) + TOKENS_PER_TURN;
}

/** What is left of a model's context window while a prompt is put together. */
export class PromptRoom {
  private tokens: number;

  /**
   * @param contextWindow in tokens, prompt and answer together.
   * @param system the system prompt, which is always there.
   */
  constructor(contextWindow: number, system: string | null) {
    const forAnswer = Math.min(contextWindow * ANSWER_SHARE, ANSWER_MAX);
    this.tokens = contextWindow - forAnswer - (system === null ? 0 : estimateTokens(system));
  }

  /** Takes room for a turn. @returns whether there was enough. */
  take({ content }: PathMessage): boolean {
    // What has no word is no turn.
    if (content !== '') this.tokens -= estimateTokens(content);
    return this.tokens >= 0;
  }
}

/**
 * The turns that fit into a model's context window, cut from the oldest. The system prompt and the
 * newest turn are always there, whatever they need.
 *
 * @param newestFirst the path from the message to answer back to the root, in pages; it is read no
 *   further than what fits.
 * @param contextWindow in tokens, prompt and answer together.
 */
export async function buildPrompt(
  newestFirst: AsyncIterable<readonly PathMessage[]>,
  system: string | null,
  contextWindow: number,
): Promise<PromptParts> {
  const room = new PromptRoom(contextWindow, system);
  const turns: PromptTurn[] = [];
  let isCut = false;
  for await (const page of newestFirst) {
    isCut = !addTurns(turns, page, room);
    if (isCut) break;
  }
  turns.reverse();
  // An answer whose question did not fit explains nothing, and some providers refuse it.
  while (isCut && turns.length > 1 && turns[0]?.role === 'assistant') turns.shift();
  return { system: system ?? undefined, turns, isCut };
}

/** @returns whether all of the page fitted; the very first turn always does. */
function addTurns(turns: PromptTurn[], page: readonly PathMessage[], room: PromptRoom): boolean {
  for (const message of page) {
    const { role, content } = message;
    if (content === '') continue;
    if (!room.take(message) && turns.length > 0) return false;
    turns.push({ role, content });
  }
  return true;
}
