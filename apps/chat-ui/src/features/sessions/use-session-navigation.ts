import type { ChatSession } from '@chat/shared-types';
import { ref } from 'vue';
import { useRouter, type RouteLocationRaw } from 'vue-router';
import { describeError } from '../../app/api-error.js';
import { tellTabs } from '../../app/tab-channel.js';
import { FOCUS_IDS, focusById, prefersTouch } from '../../composables/focus-target.js';
import { sidebarLayout } from '../../composables/use-sidebar-layout.js';
import { showToast } from '../../composables/use-toasts.js';
import { useFoldersStore } from '../organise/index.js';
import { ALL_CHATS } from './session-filter.js';
import { useSessionsStore } from './sessions.store.js';
import { useSessionFilter } from './use-session-filter.js';

/** One chat at a time is made, however often the button is pressed. */
const starting = ref(false);

/**
 * Where a link of the list leads. An open drawer is a step of the history with `drawer` in its
 * state (app/use-drawer.ts): what is picked takes that step's place, and also closes the drawer
 * when it is the page that is open already.
 */
export function fromList(page: {
  name: string;
  params?: Record<string, string>;
}): RouteLocationRaw {
  if (!sidebarLayout.drawerOpen.value) return page;
  return { ...page, replace: true, force: true, state: { drawer: null } };
}

/** Opening chats and starting new ones. */
export function useSessionNavigation() {
  const sessions = useSessionsStore();
  const folders = useFoldersStore();
  const { choose } = useSessionFilter();
  const router = useRouter();

  async function open(sessionId: string): Promise<void> {
    await router.push(fromList({ name: 'chat', params: { sessionId } }));
  }

  /** Opens an empty chat: one that was never used, else a new one. The focus goes to the composer. */
  async function startChat(): Promise<void> {
    if (starting.value) return;
    starting.value = true;
    try {
      const session = sessions.findUnused() ?? (await sessions.create());
      list(session);
      tellTabs({ kind: 'sessions-changed', userId: session.user_id });
      await open(session._id);
      if (!prefersTouch()) focusById(FOCUS_IDS.composer);
    } catch (error) {
      showToast({ text: `The chat was not created. ${describeError(error)}`, tone: 'danger' });
    } finally {
      starting.value = false;
    }
  }

  /** A new chat is among those that are listed: in the folder that is open, or among all. */
  function list({ _id, folder_id }: ChatSession): void {
    const { filter } = sessions;
    if (filter.kind !== 'folder') {
      if (filter.kind !== 'all') choose(ALL_CHATS);
      return;
    }
    const { folderId } = filter;
    if (folder_id === folderId) return;
    sessions
      .change(_id, { folder_id: folderId })
      .then(folders.refreshSoon)
      .catch(() => {
        // It is there all the same, and shown where it is.
        choose(ALL_CHATS);
      });
  }

  return { starting, open, startChat };
}
