import type { Prompt, PromptTurn } from './assistant.port.js';

/**
 * How a provider is asked to go on with a partial answer. `prefill`: it stands last, and the model
 * writes on behind it, which is exact; local servers do it. `instruction`: a turn of the user asks
 * for it, because the API begins a new turn behind the partial one (OpenAI) or refuses a partial
 * one at the end (Anthropic, newer models).
 */
export type Continuation = 'prefill' | 'instruction';

/** A message in the words of the SDK's language models. */
export type PromptMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: PromptTurn['role']; readonly content: { type: 'text'; text: string }[] };

const CONTINUE =
  'Continue your last message exactly where it ends, as if it had never been interrupted. Begin ' +
  'with the very next character, a space or a line break where one is due. Repeat nothing, ' +
  'announce nothing, and do not open a code block, list or table again that is still open.';

/** Whether the answer goes on from a partial one. */
export function isContinuation({ turns }: Prompt): boolean {
  return spoken(turns).at(-1)?.role === 'assistant';
}

/**
 * The messages to send. Turns without a word are left out (a reply that failed before its first
 * one; Anthropic refuses them), and neighbours of one role become one turn (templates of local
 * models insist on taking turns).
 */
export function promptMessages(prompt: Prompt, continuation: Continuation): PromptMessage[] {
  const turns = spoken(prompt.turns);
  if (continuation === 'instruction' && isContinuation(prompt)) {
    turns.push({ role: 'user', content: CONTINUE });
  }
  const messages: PromptMessage[] = turns.map(({ role, content }) => ({
    role,
    content: [{ type: 'text', text: content }],
  }));
  const { system } = prompt;
  const hasSystem = system !== undefined && system.trim() !== '';
  return hasSystem ? [{ role: 'system', content: system }, ...messages] : messages;
}

function spoken(turns: readonly PromptTurn[]): PromptTurn[] {
  const joined: PromptTurn[] = [];
  for (const turn of turns) {
    if (turn.content.trim() === '') continue;
    const before = joined.at(-1);
    if (before?.role === turn.role) {
      joined[joined.length - 1] = {
        role: turn.role,
        content: `${before.content}\n\n${turn.content}`,
      };
    } else {
      joined.push(turn);
    }
  }
  return joined;
}
