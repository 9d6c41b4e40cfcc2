import type { SearchResult } from '@chat/shared-types';
import { nextPage, sendRequest } from '../../app/http-client.js';

/** Results of one page: more than the palette shows at once. */
const PAGE_SIZE = 20;

/** Somebody who waits this long is told that it failed, and can try again. */
const TIMEOUT_MS = 15_000;

/** One page of results, best first. */
export interface SearchPage {
  results: SearchResult[];
  /** Path of the next page, or null on the last one. */
  next: string | null;
}

/** The call of `GET /chat/search`. */
export const searchApi = {
  /** @param signal ends the request; it rejects then. */
  first(query: string, signal: AbortSignal): Promise<SearchPage> {
    const parameters = new URLSearchParams({ q: query, limit: String(PAGE_SIZE) });
    return searchApi.page(`/chat/search?${parameters.toString()}`, signal);
  },

  /** @param path the `next` of the page before. */
  async page(path: string, signal: AbortSignal): Promise<SearchPage> {
    const ending = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const request = { method: 'GET', path, signal: ending } as const;
    const { body, headers } = await sendRequest<SearchResult[]>(request);
    return { results: body, next: nextPage(headers) };
  },
};
