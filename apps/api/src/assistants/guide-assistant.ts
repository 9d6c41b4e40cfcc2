import { setTimeout as delay } from 'node:timers/promises';
import { abortError } from './abort-error.js';
import type { Assistant, AssistantDelta, Prompt, PromptTurn } from './assistant.port.js';
import { GUIDE_AGAIN_TEXT, GUIDE_TEXT } from './guide-text.js';

/** About fifty words a second: quick, and still seen to be written. */
const READABLE_PACE_MS = 20;

/**
 * The model that is there without any configuration. It understands nothing and says so: it shows
 * the way to a real model, and what the page can render.
 */
export class GuideAssistant implements Assistant {
  /** @param paceMs between two words; 0 for none. */
  constructor(private readonly paceMs = READABLE_PACE_MS) {}

  async *stream({ turns }: Prompt, signal: AbortSignal): AsyncIterable<AssistantDelta> {
    for (const word of restOfAnswer(turns).match(/\s*\S+\s*/g) ?? []) {
      if (this.paceMs > 0) await delay(this.paceMs, undefined, { signal });
      if (signal.aborted) throw abortError();
      yield { type: 'text', text: word };
    }
    yield { type: 'finish', reason: 'stop' };
  }
}

/** The whole answer, or what is missing behind a partial one at the end of the conversation. */
function restOfAnswer(turns: readonly PromptTurn[]): string {
  const last = turns.at(-1);
  const partial = last?.role === 'assistant' ? last.content : '';
  const earlier = partial === '' ? turns : turns.slice(0, -1);
  const wasHere = earlier.some(({ role, content }) => role === 'assistant' && content !== '');
  const answer = wasHere ? GUIDE_AGAIN_TEXT : GUIDE_TEXT;
  if (answer.startsWith(partial)) return answer.slice(partial.length);
  // Somebody else wrote the beginning; the answer stands on its own behind it.
  return `\n\n${answer}`;
}
