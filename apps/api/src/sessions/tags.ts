import { hasLength, LIMITS } from '@chat/shared-types';
import { isWellFormed } from '../common/validation/well-formed.decorator.js';

/** What two tags have in common that count as one: case and the way accents are written aside. */
export function tagKey(tag: string): string {
  return tag.toLowerCase().normalize('NFC');
}

/** A tag as it is kept: composed (Unicode NFC), without blanks around it. */
export function tidyTag(tag: string): string {
  return tag.normalize('NFC').trim();
}

/** Whether a tidy tag is within the limits. */
export function isTag(tag: string): boolean {
  return hasLength(tag, LIMITS.tag) && isWellFormed(tag);
}

/**
 * Of tags from elsewhere those that can be kept: tidied, each once, no more than a session may have.
 *
 * @param tags in the order of their importance.
 */
export function keepableTags(tags: readonly string[]): string[] {
  return withTags([], tags.map(tidyTag).filter(isTag)).slice(0, LIMITS.tagsPerSession);
}

/** Adds tags behind those that are there; what is alike is there already. */
export function withTags(tags: readonly string[], added: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const tag of [...tags, ...added]) {
    const key = tagKey(tag);
    if (!byKey.has(key)) byKey.set(key, tag);
  }
  return [...byKey.values()];
}

/** Takes away every tag that is like one of these. */
export function withoutTags(tags: readonly string[], removed: readonly string[]): string[] {
  const keys = new Set(removed.map(tagKey));
  return tags.filter((tag) => !keys.has(tagKey(tag)));
}
