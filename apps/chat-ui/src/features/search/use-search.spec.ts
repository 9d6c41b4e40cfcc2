import type { SearchResult } from '@chat/shared-types';
import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, ref, type EffectScope } from 'vue';
import { answer, heldAnswer, refuse, scriptFetch } from '../../testing/scripted-fetch.js';
import { TYPING_PAUSE_MS, useSearch } from './use-search.js';

function hit(title: string): SearchResult {
  return {
    type: 'session',
    session_id: title,
    message_id: null,
    title,
    role: null,
    created_at: '2026-03-10T10:00:00.000Z',
    score: 1,
    snippet: title,
    highlights: [[0, title.length]],
  };
}

let scope: EffectScope;

function startSearch() {
  const query = ref('');
  return { query, ...scope.run(() => useSearch(query))! };
}

async function pause(): Promise<void> {
  await flushPromises();
  await vi.advanceTimersByTimeAsync(TYPING_PAUSE_MS);
  await flushPromises();
}

describe('useSearch', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    scope = effectScope();
  });
  afterEach(() => {
    scope.stop();
    vi.useRealTimers();
  });

  it('asks once for what was typed in one go, within 60 ms of the last key', async () => {
    const seen = scriptFetch(() => answer([hit('sea')]));
    const search = startSearch();
    for (const typed of ['s', 'se', 'sea']) {
      search.query.value = typed;
      await flushPromises();
    }
    expect(search.status.value).toBe('searching');
    await pause();
    expect(seen.map(({ path }) => path)).toEqual(['/chat/search?q=sea&limit=20']);
    expect(TYPING_PAUSE_MS).toBeLessThanOrEqual(60);
    expect(search.results.value.map(({ title }) => title)).toEqual(['sea']);
    expect(search.status.value).toBe('ready');
  });

  it('takes the question before back, and never shows its answer', async () => {
    const first = heldAnswer();
    const seen = scriptFetch(({ path }) =>
      path.includes('q=old') ? first.promise : answer([hit('new')]),
    );
    const search = startSearch();
    search.query.value = 'old';
    await pause();
    search.query.value = 'new';
    await pause();
    expect(seen[0]?.signal?.aborted).toBe(true);
    first.give(answer([hit('old')]));
    await flushPromises();
    expect(search.results.value.map(({ title }) => title)).toEqual(['new']);
  });

  it('is idle again, and asks nothing, where everything was taken back or only blanks are left', async () => {
    const seen = scriptFetch(() => answer([hit('sea')]));
    const search = startSearch();
    search.query.value = 'sea';
    await pause();
    search.query.value = '   ';
    await pause();
    expect(search.status.value).toBe('idle');
    expect(search.results.value).toEqual([]);
    expect(seen).toHaveLength(1);
  });

  it('adds pages until there are no more', async () => {
    const seen = scriptFetch(({ path }) =>
      path.includes('cursor')
        ? answer([hit('b')])
        : answer([hit('a')], 200, { Link: '</chat/search?q=x&cursor=c1>; rel="next"' }),
    );
    const search = startSearch();
    search.query.value = 'x';
    await pause();
    await search.more();
    expect(search.results.value.map(({ title }) => title)).toEqual(['a', 'b']);
    await search.more();
    expect(seen).toHaveLength(2);
  });

  it('looks on where a page is empty and not the last: at first, and behind other results', async () => {
    const link = (cursor: string): Record<string, string> => ({
      Link: `</chat/search?q=x&cursor=${cursor}>; rel="next"`,
    });
    scriptFetch(({ path }) => {
      if (path.includes('cursor=c1')) return answer([], 200, link('c2'));
      if (path.includes('cursor=c2')) return answer([hit('a')], 200, link('c3'));
      if (path.includes('cursor=c3')) return answer([], 200, link('c4'));
      if (path.includes('cursor=c4')) return answer([hit('b')]);
      return answer([], 200, link('c1'));
    });
    const search = startSearch();
    search.query.value = 'x';
    await pause();
    expect(search.status.value).toBe('ready');
    expect(search.results.value.map(({ title }) => title)).toEqual(['a']);
    await search.more();
    expect(search.results.value.map(({ title }) => title)).toEqual(['a', 'b']);
    expect(search.next.value).toBeNull();
  });

  it('drops a page of a question that is no longer asked', async () => {
    const page = heldAnswer();
    scriptFetch(({ path }) => {
      if (path.includes('cursor')) return page.promise;
      const title = path.includes('q=x') ? 'x1' : 'y1';
      return answer([hit(title)], 200, { Link: '</chat/search?q=x&cursor=c1>; rel="next"' });
    });
    const search = startSearch();
    search.query.value = 'x';
    await pause();
    const adding = search.more();
    search.query.value = 'y';
    await pause();
    page.give(answer([hit('x2')]));
    await adding;
    expect(search.results.value.map(({ title }) => title)).toEqual(['y1']);
    expect(search.moreStatus.value).toBe('idle');
  });

  it('says that it failed, and finds by another try', async () => {
    let down = true;
    scriptFetch(() => (down ? refuse(500, 'internal-error') : answer([hit('sea')])));
    const search = startSearch();
    search.query.value = 'sea';
    await pause();
    expect(search.status.value).toBe('failed');
    expect(search.results.value).toEqual([]);
    down = false;
    await search.search();
    expect(search.status.value).toBe('ready');
    expect(search.results.value).toHaveLength(1);
  });

  it('keeps the first page where the next does not come, which can be asked for again', async () => {
    let down = true;
    scriptFetch(({ path }) => {
      if (!path.includes('cursor')) {
        return answer([hit('a')], 200, { Link: '</chat/search?q=x&cursor=c1>; rel="next"' });
      }
      return down ? refuse(500, 'internal-error') : answer([hit('b')]);
    });
    const search = startSearch();
    search.query.value = 'x';
    await pause();
    await search.more();
    expect(search.moreStatus.value).toBe('failed');
    expect(search.results.value).toHaveLength(1);
    down = false;
    await search.more();
    expect(search.results.value).toHaveLength(2);
  });
});
