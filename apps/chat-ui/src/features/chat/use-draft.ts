import { useEventListener } from '@vueuse/core';
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { readStored, writeStored } from '../../app/user-storage.js';

/** Typing is not slowed by storage: it is written after a pause, and at the latest on leaving. */
const PAUSE_MS = 200;

/** The draft of a chat that does not exist yet. */
export const NEW_CHAT = 'new';

const keyOf = (chat: string): string => `draft.${chat}`;

/** Writes the draft of a chat that is not on the screen. */
export function writeDraft(userId: string, chat: string, text: string): void {
  writeStored(userId, keyOf(chat), text === '' ? null : text);
}

/**
 * What is written and not sent in one chat. It survives switching and reloading; sending and
 * logging out end it.
 *
 * @param chat the session's id, or {@link NEW_CHAT}.
 */
export function useDraft(userId: string, chat: string): Ref<string> {
  const draft = ref(readStored(userId, keyOf(chat)) ?? '');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dirty = false;

  function store(): void {
    clearTimeout(timer);
    if (!dirty) return;
    dirty = false;
    writeDraft(userId, chat, draft.value);
  }

  watch(
    draft,
    (text) => {
      dirty = true;
      clearTimeout(timer);
      // Sent or emptied: a reload right after must not bring it back.
      if (text === '') store();
      else timer = setTimeout(store, PAUSE_MS);
    },
    { flush: 'sync' },
  );
  useEventListener(window, 'pagehide', store);
  useEventListener(document, 'visibilitychange', store);
  onScopeDispose(store);
  return draft;
}
