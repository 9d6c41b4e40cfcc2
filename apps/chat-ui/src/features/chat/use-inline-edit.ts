import { nextTick, readonly, ref } from 'vue';
import { FOCUS_IDS, focusById, prefersTouch } from '../../composables/focus-target.js';

/** Which own message is being written anew, in its place. One at a time. */
export function useInlineEdit() {
  const editing = ref<string | null>(null);
  /** What the focus goes back to: the composer, where it came from there. */
  let fromComposer = false;

  function edit(messageId: string): void {
    fromComposer = document.activeElement?.id === FOCUS_IDS.composer;
    editing.value = messageId;
  }

  /** @param row of the message, where it stays as it was; its opener gets the focus back. */
  async function endEdit(row: HTMLElement | null): Promise<void> {
    editing.value = null;
    await nextTick();
    const opener = fromComposer
      ? null
      : row?.querySelector<HTMLElement>('button[aria-label="Edit message"]');
    if (opener) opener.focus();
    else if (fromComposer || !prefersTouch()) focusById(FOCUS_IDS.composer);
    else focusById(FOCUS_IDS.main);
  }

  return { editing: readonly(editing), edit, endEdit };
}
