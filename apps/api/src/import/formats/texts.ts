import { hasLength, indexBehind, LIMITS } from '@chat/shared-types';
import type { Remarks } from './remarks.js';

/** What other systems export is prose; beyond this, something else was pasted. */
const MOST_TEXT = 1_000_000;
const TITLE_FROM_TEXT = 80;

/** A text that UTF-8 can hold. */
export function wellFormed(text: string, remarks: Remarks): string {
  if (!/\p{Surrogate}/u.test(text)) return text;
  remarks.add('characters');
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/**
 * A text in parts that a message may hold, cut at the last end of a line that fits, else between
 * two characters. Put together, the parts are the text.
 */
export function inParts(text: string, remarks: Remarks): string[] {
  const { max } = LIMITS.messageContent;
  if (hasLength(text, { max })) return [text];
  let rest = text;
  if (!hasLength(rest, { max: MOST_TEXT })) {
    remarks.add('textCut');
    rest = rest.slice(0, indexBehind(rest, MOST_TEXT));
  }
  remarks.add('split');
  const parts: string[] = [];
  while (!hasLength(rest, { max })) {
    const end = indexBehind(rest, max);
    const line = rest.lastIndexOf('\n', end - 1) + 1;
    const cut = line > end / 2 ? line : end;
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...parts, rest];
}

/**
 * A title within its limits.
 *
 * @param firstText what it is made from where there is none.
 */
export function titleOf(title: unknown, firstText: string | undefined, remarks: Remarks): string {
  const given = typeof title === 'string' ? oneLine(wellFormed(title, remarks)) : '';
  if (given !== '') {
    if (hasLength(given, LIMITS.sessionTitle)) return given;
    remarks.add('titleCut');
    return given.slice(0, indexBehind(given, LIMITS.sessionTitle.max)).trim();
  }
  const made = oneLine(firstText ?? '');
  if (made === '') return LIMITS.sessionTitle.default;
  remarks.add('titleMade');
  return made.slice(0, indexBehind(made, TITLE_FROM_TEXT)).trim();
}

/** A system prompt within its limits, or null for none. */
export function systemPromptOf(text: unknown, remarks: Remarks): string | null {
  if (typeof text !== 'string' || text.trim() === '') return null;
  const prompt = wellFormed(text, remarks);
  if (hasLength(prompt, LIMITS.systemPrompt)) return prompt;
  remarks.add('systemPromptCut');
  return prompt.slice(0, indexBehind(prompt, LIMITS.systemPrompt.max));
}

/** The id of a model as this product writes them, `provider/name`; null where it can be none. */
export function modelId(provider: string, name: unknown): string | null {
  if (typeof name !== 'string') return null;
  const id = name.includes('/') ? name : `${provider}/${name}`;
  const { min, max } = LIMITS.modelId;
  return /^[\x21-\x2e\x30-\x7e]+\/[\x21-\x7e]+$/.test(id) && id.length >= min && id.length <= max
    ? id
    : null;
}

/** A block of code in Markdown whose fence nothing in it can close (CommonMark, section 4.5). */
export function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const info = /^[\w+#.-]{1,30}$/.test(language) ? language : '';
  return `${fence}${info}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

/** A name from a file on one line, short. */
export function named(name: unknown, fallback: string): string {
  const text = typeof name === 'string' ? oneLine(name) : '';
  return text === '' ? fallback : text.slice(0, indexBehind(text, 120));
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
