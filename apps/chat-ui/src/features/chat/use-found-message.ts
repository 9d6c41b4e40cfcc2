import { onScopeDispose, readonly, ref, type Ref } from 'vue';
import { markWords, unmarkWords } from './marked-words.js';

/** How long the ring around a message that was gone to stays. */
const RING_MS = 2_500;

/** Shows which message was gone to: a ring for a moment, its words marked, and the focus on it. */
export function useFoundMessage(): {
  /** Which message has the ring. */
  foundId: Readonly<Ref<string | null>>;
  show: (row: HTMLElement, messageId: string, words: readonly string[]) => void;
  /** Takes everything back. */
  leave: () => void;
} {
  const foundId = ref<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(row: HTMLElement, messageId: string, words: readonly string[]): void {
    clearTimeout(timer);
    foundId.value = messageId;
    timer = setTimeout(() => (foundId.value = null), RING_MS);
    markWords(row.querySelector('.bubble') ?? row, words);
    // Whoever goes on by keyboard goes on from here.
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  }

  function leave(): void {
    clearTimeout(timer);
    foundId.value = null;
    unmarkWords();
  }

  onScopeDispose(leave);
  return { foundId: readonly(foundId), show, leave };
}
