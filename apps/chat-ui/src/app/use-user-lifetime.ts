import type { ChangeEvent } from '@chat/shared-types';
import { useEventListener } from '@vueuse/core';
import { onScopeDispose, watch } from 'vue';
import { START_LOCATION, useRouter } from 'vue-router';
import { clearToasts } from '../composables/use-toasts.js';
import { useAuthStore } from '../features/auth/index.js';
import { listenForChanges } from '../features/changes/index.js';
import { useUserMessages } from '../features/chat/index.js';
import { useFoldersStore } from '../features/organise/index.js';
import {
  endQuestion,
  storedFilter,
  useSelectionStore,
  useSessionsStore,
} from '../features/sessions/index.js';
import { leaveTransfers } from '../features/transfer/index.js';
import { onTabNews, type TabNews } from './tab-channel.js';

/**
 * What begins and ends with a login: the stores, the way to the login form, and keeping up with
 * other tabs and devices.
 */
export function useUserLifetime(): void {
  const auth = useAuthStore();
  const sessions = useSessionsStore();
  const selection = useSelectionStore();
  const folders = useFoldersStore();
  const messages = useUserMessages();
  const router = useRouter();

  function openSessionId(): string | undefined {
    const current = router.currentRoute.value;
    // The first navigation waits for the login; the address says already where it leads.
    const { sessionId } = (
      current === START_LOCATION ? router.resolve(router.options.history.location) : current
    ).params;
    return typeof sessionId === 'string' ? sessionId : undefined;
  }

  /** Ends the listening of the user who is signed in. */
  let leaving = new AbortController();

  function begin(userId: string): void {
    messages.open(userId);
    const sessionId = openSessionId();
    // The conversation before the list beside it, and both before their code is there.
    if (sessionId !== undefined) messages.readAhead(sessionId);
    sessions.show(storedFilter(userId));
    void sessions.load();
    leaving = new AbortController();
    listenForChanges(userId, { onChange: takeChange, onGap: catchUp }, leaving.signal);
  }

  function end(): void {
    leaving.abort();
    sessions.reset();
    selection.leave();
    folders.reset();
    endQuestion();
    leaveTransfers();
    messages.close(auth.ended);
    clearToasts();
    const { meta, fullPath } = router.currentRoute.value;
    if (meta.guest === true) return;
    // Someone who left starts afresh; someone whose login expired comes back to the same page.
    void router.replace({ name: 'login', query: auth.ended ? { next: fullPath } : {} });
  }

  /** Reads again what is on the screen: another tab or device may have changed it. */
  function catchUp(): void {
    if (auth.status !== 'signed-in' || document.visibilityState === 'hidden') return;
    void sessions.load();
    folders.refreshSoon();
    const sessionId = openSessionId();
    if (sessionId !== undefined) void messages.reread(sessionId);
  }

  /** What another tab, another device or the server itself did. */
  function takeChange({ event, data }: ChangeEvent): void {
    if (event === 'folders_changed') {
      folders.refreshSoon();
      return;
    }
    if (event === 'session_deleted') {
      noteFiled(data._id, null);
      sessions.drop(data._id);
      if (!sessions.wasRemovedHere(data._id)) messages.noteGone(data._id);
      return;
    }
    const { session } = data;
    // An answer of before the deletion.
    if (sessions.wasRemovedHere(session._id)) return;
    noteFiled(session._id, session.folder_id);
    sessions.take(session);
    if (openSessionId() === session._id) void messages.reread(session._id);
    void messages.releaseEnded(session._id);
  }

  /** Folders say how many chats are in them. */
  function noteFiled(sessionId: string, folderId: string | null): void {
    const before = sessions.get(sessionId)?.folder_id ?? null;
    if (before !== folderId) folders.refreshSoon();
  }

  function hear(news: TabNews): void {
    switch (news.kind) {
      case 'signed-out':
        auth.followLogout();
        return;
      case 'signed-in':
        // Another person's page must not go on under this login.
        if (auth.user?._id !== news.userId) location.reload();
        return;
      case 'sessions-changed':
        if (auth.user?._id === news.userId) void sessions.load();
        return;
      case 'messages-changed':
        if (auth.user?._id !== news.userId) return;
        void sessions.reread(news.sessionId).catch(() => undefined);
        if (openSessionId() === news.sessionId) void messages.reread(news.sessionId);
        return;
      case 'changed':
      case 'gap':
        // For features/changes, which also hears the server.
        return;
    }
  }

  watch(
    () => auth.user?._id,
    (userId, before) => {
      if (before !== undefined) end();
      if (userId !== undefined) begin(userId);
    },
    { immediate: true, flush: 'sync' },
  );
  onScopeDispose(onTabNews(hear));
  useEventListener(window, 'focus', catchUp);
  useEventListener(document, 'visibilitychange', catchUp);
  useEventListener(window, 'online', () => {
    catchUp();
    messages.resume();
  });
  // A page from the back-forward cache may show what a logout has ended.
  useEventListener(window, 'pageshow', (event: PageTransitionEvent) => {
    if (event.persisted) location.reload();
  });
}
