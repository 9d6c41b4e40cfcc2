import type { ChatSession } from '@chat/shared-types';
import { useDocumentVisibility } from '@vueuse/core';
import { onScopeDispose, watch } from 'vue';
import { useSessionsStore } from './sessions.store.js';

/** Marked as unread by hand while they were open: they stay so until they are opened again. */
const kept = new Set<string>();

/** @param unread false where the mark was taken away. */
export function keepUnread(sessionId: string, unread: boolean): void {
  if (unread) kept.add(sessionId);
  else kept.delete(sessionId);
}

/**
 * Takes away the unread mark of the chat that is open once somebody can have read it.
 *
 * @param shown the session, once its messages are on the screen.
 */
export function useReadMark(sessionId: string, shown: () => ChatSession | undefined): void {
  const sessions = useSessionsStore();
  const visibility = useDocumentVisibility();
  kept.delete(sessionId);

  watch(
    () => shown()?.unread === true && visibility.value === 'visible',
    (read) => {
      // A mark that stays by a failure is tried again when the chat is opened the next time.
      if (read && !kept.has(sessionId)) {
        sessions.change(sessionId, { unread: false }).catch(() => undefined);
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => kept.delete(sessionId));
}
