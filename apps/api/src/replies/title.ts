import { LIMITS } from '@chat/shared-types';
import type { Assistant } from '../assistants/assistant.port.js';

/** Nobody waits longer for a title than this, in milliseconds. */
const PATIENCE_MS = 10_000;
/** Of the question and of the answer each, in UTF-16 code units: enough to know the subject. */
const EXCERPT = 1_500;
/** Room for models that think before they write. */
const MAX_TOKENS = 400;
/** About what a list of sessions shows in one line. */
const PLAIN_LENGTH = 60;

const SYSTEM =
  'You name conversations. Answer with the name alone: at most six words, in the language of the question, no quotation marks, no full stop at the end.';

/** @returns a title by the model, or nothing where it has none to offer in time. */
export async function askForTitle(
  assistant: Assistant,
  model: string,
  question: string,
  answer: string,
  ending: AbortSignal,
): Promise<string> {
  const content = `Question:\n${cut(question, EXCERPT)}\n\nAnswer:\n${cut(answer, EXCERPT)}\n\nName this conversation.`;
  const signal = AbortSignal.any([ending, AbortSignal.timeout(PATIENCE_MS)]);
  const overdue = new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve(''));
  });
  const prompt = {
    model,
    system: SYSTEM,
    turns: [{ role: 'user' as const, content }],
    maxOutputTokens: MAX_TOKENS,
  };
  return Promise.race([overdue, read(assistant, prompt, signal).catch(() => '')]);
}

/** The beginning of a question, at the end of a word; empty where it has no words. */
export function titleFromQuestion(question: string): string {
  const line = tidy(question);
  if (line.length <= PLAIN_LENGTH) return line;
  const head = cut(line, PLAIN_LENGTH);
  const space = head.lastIndexOf(' ');
  return `${space > PLAIN_LENGTH / 2 ? head.slice(0, space) : head}…`;
}

async function read(
  assistant: Assistant,
  prompt: Parameters<Assistant['stream']>[0],
  signal: AbortSignal,
): Promise<string> {
  let text = '';
  for await (const delta of assistant.stream(prompt, signal)) {
    if (delta.type === 'text') text += delta.text;
    // A model that writes an essay instead is not needed to its end.
    if (text.length > EXCERPT) break;
  }
  return cut(tidy(text), LIMITS.sessionTitle.max).trim();
}

/** The first line with words, without the marks that models like to put around a title. */
function tidy(text: string): string {
  const line = text.split(/[\r\n]+/).find((one) => /[\p{L}\p{N}]/u.test(one)) ?? '';
  return line
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replace(/^[\s#>*_"'`“”«»]+/u, '')
    .replace(/[\s*_"'`“”«».]+$/u, '');
}

/** Never half a surrogate pair at the end. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/\p{Surrogate}$/u, '');
}
