import type { TagUse } from '@chat/shared-types';
import { tagKey } from './tags.js';

/** A tag in use, with what it is found and sorted by. */
export interface CountedTag extends TagUse {
  readonly key: string;
}

/**
 * Counts tags; those that are alike count as one, in the spelling that most sessions have.
 *
 * @param sessions the tags of each session.
 * @returns them by their keys, ascending by code unit.
 */
export function countTags(sessions: Iterable<readonly string[]>): CountedTag[] {
  const spellings = new Map<string, Map<string, number>>();
  for (const tags of sessions) {
    for (const tag of tags) {
      const key = tagKey(tag);
      const counts = spellings.get(key) ?? new Map<string, number>();
      counts.set(tag, (counts.get(tag) ?? 0) + 1);
      spellings.set(key, counts);
    }
  }
  return [...spellings]
    .map(([key, counts]) => ({
      key,
      tag: mostUsed(counts),
      session_count: [...counts.values()].reduce((sum, count) => sum + count, 0),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function mostUsed(counts: ReadonlyMap<string, number>): string {
  const [most] = [...counts].sort(
    ([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1),
  );
  return most?.[0] ?? '';
}
