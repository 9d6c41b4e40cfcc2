import type { SearchResult } from '@chat/shared-types';
import { onScopeDispose, watch, type Ref } from 'vue';
import { announce } from '../../composables/use-announcer.js';
import type { SearchStatus } from './use-search.js';

/** Nobody can listen to a count for every letter: it is said when the typing rests. */
const REST_MS = 500;

/** Tells those who do not see the list how much was found. */
export function useResultAnnouncements(
  query: Readonly<Ref<string>>,
  status: Readonly<Ref<SearchStatus>>,
  results: Readonly<Ref<readonly SearchResult[]>>,
  next: Readonly<Ref<string | null>>,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function words(): string {
    const count = results.value.length;
    if (count === 0) return `No results for ${query.value.trim()}.`;
    const more = next.value === null ? '' : 'More than ';
    return `${more}${count} ${count === 1 ? 'result' : 'results'}.`;
  }

  watch([status, query], () => {
    clearTimeout(timer);
    if (status.value === 'ready') timer = setTimeout(() => announce(words()), REST_MS);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
  });
}
