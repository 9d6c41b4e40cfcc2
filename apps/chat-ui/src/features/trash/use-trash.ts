import type { TrashEntry } from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { onScopeDispose, ref, shallowRef } from 'vue';
import { entryId } from './trash-entry.js';
import { trashApi, type TrashPage } from './trash.api.js';

/** Pages that are read at most to count what is about to be deleted for good. */
const PAGES_TO_COUNT = 20;
const LARGEST_PAGE = `/chat/trash?limit=${LIMITS.page.max}`;

/** What is in the trash, for as long as it is looked at. */
export function useTrash() {
  const status = ref<'loading' | 'ready' | 'failed'>('loading');
  const failure = shallowRef<unknown>(null);
  const entries = shallowRef<readonly TrashEntry[]>([]);
  const next = ref<string | null>(null);
  const moreFailed = ref(false);
  /** What is being restored: an answer of before must not bring it back to the list. */
  const leaving = new Set<string>();
  let reading: Promise<void> | undefined;
  /** How often the list was asked for: what was asked while it was read is read once more. */
  let asked = 0;
  const leavingView = new AbortController();
  onScopeDispose(() => {
    leavingView.abort();
  });

  function show(page: TrashPage): void {
    entries.value = page.entries.filter((entry) => !leaving.has(entryId(entry)));
    next.value = page.next;
  }

  async function readAtLeast(count: number, pages: number): Promise<TrashPage> {
    let page = await trashApi.page(count > 50 ? LARGEST_PAGE : undefined);
    const all = [...page.entries];
    for (let read = 1; page.next !== null && all.length < count && read < pages; read += 1) {
      page = await trashApi.page(page.next);
      all.push(...page.entries);
    }
    return { entries: all, next: page.next };
  }

  async function read(): Promise<void> {
    let answered: number;
    do {
      answered = asked;
      try {
        const page = await readAtLeast(entries.value.length, Number.POSITIVE_INFINITY);
        if (leavingView.signal.aborted) return;
        show(page);
        status.value = 'ready';
        failure.value = null;
      } catch (error) {
        // A list that is there stays there; the next news tries again.
        if (status.value !== 'ready') status.value = 'failed';
        failure.value = error;
      }
    } while (answered !== asked);
  }

  /** Reads the list anew, as far as it was read before. News that comes meanwhile is read as well. */
  function load(): Promise<void> {
    asked += 1;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function retry(): Promise<void> {
    status.value = 'loading';
    await load();
  }

  /** Adds the next page. @returns whether another may follow. */
  async function more(): Promise<boolean> {
    const path = next.value;
    if (path === null) return false;
    moreFailed.value = false;
    try {
      const page = await trashApi.page(path);
      if (next.value === path) {
        show({ entries: [...entries.value, ...page.entries], next: page.next });
      }
    } catch {
      moreFailed.value = true;
    }
    return next.value !== null && !moreFailed.value;
  }

  /** Takes an entry off the list at once, and puts it back when the API refuses. */
  async function restore(entry: TrashEntry): Promise<void> {
    const before = entries.value;
    leaving.add(entryId(entry));
    entries.value = before.filter((other) => other !== entry);
    try {
      await trashApi.restore(entry);
    } catch (error) {
      leaving.delete(entryId(entry));
      entries.value = before;
      throw error;
    }
  }

  /** Reads all there is, within reason, so that it can be counted. */
  async function readToCount(): Promise<void> {
    if (next.value !== null) show(await readAtLeast(Number.POSITIVE_INFINITY, PAGES_TO_COUNT));
  }

  async function empty(): Promise<void> {
    await trashApi.empty();
    entries.value = [];
    next.value = null;
  }

  return {
    status,
    failure,
    entries,
    next,
    moreFailed,
    load,
    retry,
    more,
    restore,
    readToCount,
    empty,
  };
}

export type Trash = ReturnType<typeof useTrash>;
