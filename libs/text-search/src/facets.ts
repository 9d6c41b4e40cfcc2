import { foldName } from './fold.js';
import { MARK } from './index-words.js';

/** What an entry of an index is of: a message by its role, or the title of a session. */
export type EntryRole = 'user' | 'assistant' | 'title';

/** What an entry has beside its words. */
export interface EntryFacets {
  readonly role: EntryRole;
  readonly sessionId: string;
  /** `provider/name`, of what a model wrote. */
  readonly model: string | null;
  readonly hasCode: boolean;
  readonly hasReaction: boolean;
}

/** Every entry has one of these roles: together they find all. */
export const ENTRY_ROLES: readonly EntryRole[] = ['user', 'assistant', 'title'];

/** Conditions that are looked up as words are, since an index of words finds them as quickly. */
export const facetWord = {
  role: (role: EntryRole): string => `${MARK}from:${role}`,
  session: (id: string): string => `${MARK}session:${id}`,
  model: (id: string): string => `${MARK}model:${foldName(id)}`,
  has: (feature: 'code' | 'reaction'): string => `${MARK}has:${feature}`,
} as const;

/** What all models stand behind among the words of an index. */
export const MODEL_MARK = `${MARK}model:`;

export function facetWords(facets: EntryFacets): string[] {
  const { role, sessionId, model, hasCode, hasReaction } = facets;
  return [
    facetWord.role(role),
    facetWord.session(sessionId),
    ...(model === null ? [] : [facetWord.model(model)]),
    ...(hasCode ? [facetWord.has('code')] : []),
    ...(hasReaction ? [facetWord.has('reaction')] : []),
  ];
}

/** Whether `model:` with this folded value means a model: its id, the beginning or the end of it. */
export function meansModel(value: string, word: string): boolean {
  const id = word.slice(MODEL_MARK.length);
  const name = id.slice(id.indexOf('/') + 1);
  return id.startsWith(value) || id.endsWith(value) || name.startsWith(value);
}
