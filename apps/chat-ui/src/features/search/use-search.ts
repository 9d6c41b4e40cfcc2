import type { SearchResult } from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { searchApi, type SearchPage } from './search.api.js';

/** Short enough to keep up with the reader, long enough for the second letter of a fast typist. */
export const TYPING_PAUSE_MS = 50;

/**
 * `idle`: there is nothing to look for. `searching`: the answer to what is written is on its way;
 * the results are still those of before. `ready` and `failed` are about what is written now.
 */
export type SearchStatus = 'idle' | 'searching' | 'ready' | 'failed';

/**
 * Searches while somebody types. A question that is no longer asked is taken back, and an answer to
 * it is never shown.
 *
 * @param query as it is typed.
 */
export function useSearch(query: Readonly<Ref<string>>) {
  const status = ref<SearchStatus>('idle');
  const failure = shallowRef<unknown>(null);
  const results = shallowRef<readonly SearchResult[]>([]);
  const next = ref<string | null>(null);
  const moreStatus = ref<'idle' | 'loading' | 'failed'>('idle');
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends when another question is asked. */
  let asking = new AbortController();

  function drop(): void {
    clearTimeout(timer);
    asking.abort();
    asking = new AbortController();
    moreStatus.value = 'idle';
  }

  function show(page: SearchPage): void {
    results.value = page.results;
    next.value = page.next;
  }

  /** Asks at once; never throws. */
  async function search(): Promise<void> {
    drop();
    const wanted = query.value.trim().slice(0, LIMITS.searchQuery.max);
    if (wanted === '') {
      show({ results: [], next: null });
      status.value = 'idle';
      return;
    }
    const { signal } = asking;
    status.value = 'searching';
    try {
      const page = await withResults(await searchApi.first(wanted, signal), signal);
      if (signal.aborted) return;
      show(page);
      status.value = 'ready';
    } catch (error) {
      if (signal.aborted) return;
      show({ results: [], next: null });
      failure.value = error;
      status.value = 'failed';
    }
  }

  /** Adds the next page, where there is one. */
  async function more(): Promise<void> {
    if (next.value === null || status.value !== 'ready' || moreStatus.value === 'loading') return;
    const { signal } = asking;
    moreStatus.value = 'loading';
    try {
      const page = await withResults(await searchApi.page(next.value, signal), signal);
      if (signal.aborted) return;
      show({ results: [...results.value, ...page.results], next: page.next });
      moreStatus.value = 'idle';
    } catch {
      if (!signal.aborted) moreStatus.value = 'failed';
    }
  }

  watch(query, (now, before) => {
    if (now.trim() === before.trim()) return;
    drop();
    if (now.trim() === '') {
      void search();
      return;
    }
    status.value = 'searching';
    timer = setTimeout(() => void search(), TYPING_PAUSE_MS);
  });
  onScopeDispose(drop);

  return { status, failure, results, next, moreStatus, search, more };
}

/** The page, or the next one with a result: looking far back takes more than one request. */
async function withResults(first: SearchPage, signal: AbortSignal): Promise<SearchPage> {
  let page = first;
  while (page.results.length === 0 && page.next !== null) {
    page = await searchApi.page(page.next, signal);
  }
  return page;
}
