import { ref, watch, type Ref } from 'vue';

/**
 * Up-arrow in the empty composer brings the last own message back as a copy to change and send
 * again; Esc empties the composer as it was.
 */
export function useRecall(text: Ref<string>, lastOwnText: () => string | null) {
  const recalled = ref(false);

  /** @returns whether a copy was brought back. */
  function recall(): boolean {
    const last = lastOwnText();
    if (text.value !== '' || last === null) return false;
    text.value = last;
    recalled.value = true;
    return true;
  }

  /** @returns whether there was a copy to give up. */
  function giveUp(): boolean {
    if (!recalled.value) return false;
    text.value = '';
    return true;
  }

  // Emptied or sent: what comes next is no copy.
  watch(text, (now) => {
    if (now === '') recalled.value = false;
  });

  return { recalled, recall, giveUp };
}
