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
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN) + TOKENS_PER_TURN;
}

/**
 * The turns that fit into a model's context window, cut from the oldest. The system prompt and the
 * newest turn are always there, whatever they need.
 *
 * @param newestFirst the path from the message to answer back to the root; it is read no further
 *   than what fits.
 * @param contextWindow in tokens, prompt and answer together.
 */
export async function buildPrompt(
  newestFirst: AsyncIterable<PathMessage>,
  system: string | null,
  contextWindow: number,
): Promise<PromptParts> {
  const forAnswer = Math.min(contextWindow * ANSWER_SHARE, ANSWER_MAX);
  let room = contextWindow - forAnswer - (system === null ? 0 : estimateTokens(system));
  const turns: PromptTurn[] = [];
  let isCut = false;
  for await (const { role, content } of newestFirst) {
    if (content === '') continue;
    room -= estimateTokens(content);
    if (room < 0 && turns.length > 0) {
      isCut = true;
      break;
    }
    turns.push({ role, content });
  }
  turns.reverse();
  // An answer whose question did not fit explains nothing, and some providers refuse it.
  while (isCut && turns.length > 1 && turns[0]?.role === 'assistant') turns.shift();
  return { system: system ?? undefined, turns, isCut };
}
