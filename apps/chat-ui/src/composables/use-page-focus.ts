import { nextTick, onMounted } from 'vue';
import { FOCUS_IDS, focusById, prefersTouch } from './focus-target.js';

/**
 * Puts the focus into the composer when a page opens: not on touch, not where the page was opened
 * with the wish to leave it alone (`keepFocus` in the step's state), and not while a field is
 * being written in.
 */
export function usePageFocus(): void {
  onMounted(async () => {
    await nextTick();
    if (takeWish() || prefersTouch() || isWriting()) return;
    focusById(FOCUS_IDS.composer);
  });
}

/** The wish counts once: a reload of the same step focuses as usual. */
function takeWish(): boolean {
  const state = history.state as Record<string, unknown> | null;
  if (state?.keepFocus !== true) return false;
  history.replaceState({ ...state, keepFocus: undefined }, '');
  return true;
}

function isWriting(): boolean {
  const focused = document.activeElement;
  return focused instanceof HTMLInputElement || document.querySelector('[role$="dialog"]') !== null;
}
