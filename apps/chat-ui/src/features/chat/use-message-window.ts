import type { ListedMessage } from '@chat/shared-types';
import { computed, ref, watch } from 'vue';
import { PAGE_SIZE } from './messages.api.js';

/** Rows in the document at most, however long the conversation is. */
export const MAX_ROWS = 6 * PAGE_SIZE;

/** Rows that are drawn between two frames without one being missed. */
const WIDEN_BY = 6;

/** No row is lower than this, with the gap to the next: one line, and what stands under it. */
const LEAST_ROW_PX = 84;

/** Rows that surely fill a viewport of this height. */
export function rowsToFill(height: number): number {
  return Math.min(PAGE_SIZE, Math.ceil(height / LEAST_ROW_PX) + 2);
}

/**
 * The part of a long conversation that is in the document. It is counted from the newest message,
 * so older pages that arrive in front of it move nothing.
 *
 * @param firstRows how many it begins with; `widen` makes a page of them, step by step.
 */
export function useMessageWindow(messages: () => readonly ListedMessage[], firstRows = PAGE_SIZE) {
  /** How many of the newest are left out. */
  const skipped = ref(0);
  const size = ref(firstRows);

  const end = computed(() => Math.max(0, messages().length - skipped.value));
  const start = computed(() => Math.max(0, end.value - size.value));
  const rows = computed(() => messages().slice(start.value, end.value));
  const hasHiddenOlder = computed(() => start.value > 0);
  const hasHiddenNewer = computed(() => skipped.value > 0);

  /** Shows some more rows of the first page. @returns whether there are more to show. */
  function widen(): boolean {
    size.value = Math.max(size.value, Math.min(PAGE_SIZE, size.value + WIDEN_BY));
    return size.value < PAGE_SIZE && hasHiddenOlder.value;
  }

  /** Widens towards the past; past the limit the newest rows leave, far below the reader. */
  function showOlder(): void {
    if (!hasHiddenOlder.value) return;
    const wanted = end.value - start.value + PAGE_SIZE;
    size.value = Math.min(wanted, MAX_ROWS);
    skipped.value += Math.max(0, wanted - MAX_ROWS);
  }

  /** Moves towards the present; past the limit the oldest rows leave, far above the reader. */
  function showNewer(): void {
    const step = Math.min(PAGE_SIZE, skipped.value);
    skipped.value -= step;
    size.value = Math.min(size.value + step, MAX_ROWS);
  }

  function showNewest(): void {
    if (skipped.value > 0) size.value = PAGE_SIZE;
    skipped.value = 0;
  }

  /** Makes sure that one message is in the document, with some before it. */
  function reveal(messageId: string): void {
    const at = messages().findIndex(({ _id }) => _id === messageId);
    if (at === -1 || (at >= start.value && at < end.value)) return;
    const behind = messages().length - at;
    size.value = Math.min(Math.max(size.value, behind + PAGE_SIZE / 2), MAX_ROWS);
    skipped.value = Math.max(0, behind - MAX_ROWS / 2);
  }

  watch(messages, (now, before) => {
    const newestBefore = before.at(-1);
    if (newestBefore === undefined) return;
    const arrived = now.length - 1 - now.findLastIndex(({ _id }) => _id === newestBefore._id);
    if (arrived >= now.length) {
      // Another branch is shown, or the newest is gone: the last row that is still there stays.
      const shown = new Set(before.slice(0, before.length - skipped.value).map(({ _id }) => _id));
      const last = now.findLastIndex(({ _id }) => shown.has(_id));
      if (skipped.value > 0) skipped.value = Math.max(0, now.length - 1 - last);
      return;
    }
    // A reader far up keeps the same rows; a reader at the end keeps the first row, too.
    if (skipped.value > 0) skipped.value += arrived;
    else size.value = Math.min(size.value + arrived, MAX_ROWS);
  });

  return { rows, hasHiddenOlder, hasHiddenNewer, widen, showOlder, showNewer, showNewest, reveal };
}
