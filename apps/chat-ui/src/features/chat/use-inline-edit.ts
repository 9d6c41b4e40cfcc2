import { nextTick, ref } from 'vue';
import { FOCUS_IDS, focusById, prefersTouch } from '../../composables/focus-target.js';

/** How a message is written anew: as another version of it, or in its place. */
export type EditKind = 'version' | 'place';

/** What gets the focus back where an edit is given up. */
const OPENERS = { version: 'Edit message', place: 'More actions' } as const;

/** Which message is being written anew. One at a time. */
export function useInlineEdit() {
  const editing = ref<{ messageId: string; kind: EditKind } | null>(null);
  /** What the focus goes back to: the composer, where it came from there. */
  let fromComposer = false;

  function edit(messageId: string, kind: EditKind = 'version'): void {
    fromComposer = document.activeElement?.id === FOCUS_IDS.composer;
    editing.value = { messageId, kind };
  }

  /** How this message is being written anew, or null. */
  function kindOf(messageId: string): EditKind | null {
    return editing.value?.messageId === messageId ? editing.value.kind : null;
  }

  /** @param row of the message, where it stays as it was; its opener gets the focus back. */
  async function endEdit(row: HTMLElement | null): Promise<void> {
    const name = OPENERS[editing.value?.kind ?? 'version'];
    editing.value = null;
    await nextTick();
    const opener = fromComposer
      ? null
      : row?.querySelector<HTMLElement>(`button[aria-label="${name}"]`);
    if (opener) opener.focus();
    else if (fromComposer || !prefersTouch()) focusById(FOCUS_IDS.composer);
    else focusById(FOCUS_IDS.main);
  }

  return { kindOf, edit, endEdit };
}
