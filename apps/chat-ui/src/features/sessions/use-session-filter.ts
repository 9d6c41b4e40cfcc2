import { computed } from 'vue';
import { readStored, writeStored } from '../../app/user-storage.js';
import { announce } from '../../composables/use-announcer.js';
import { useAuthStore } from '../auth/index.js';
import { useFoldersStore } from '../organise/index.js';
import { ALL_CHATS, parseFilter, type SessionFilter } from './session-filter.js';
import { useSessionsStore } from './sessions.store.js';

const KEY = 'filter';

/** The filter that this user had the last time, here. */
export function storedFilter(userId: string): SessionFilter {
  return parseFilter(readStored(userId, KEY));
}

/** Which chats the list shows, what that is called, and how it is kept over reloads. */
export function useSessionFilter() {
  const sessions = useSessionsStore();
  const folders = useFoldersStore();
  const auth = useAuthStore();

  function labelOf(filter: SessionFilter): string {
    switch (filter.kind) {
      case 'all':
        return 'All chats';
      case 'unread':
        return 'Unread';
      case 'pinned':
        return 'Pinned';
      case 'archived':
        return 'Archived';
      case 'unfiled':
        return 'In no folder';
      case 'folder':
        return `Folder: ${folders.get(filter.folderId)?.name ?? '…'}`;
      case 'tag':
        return `Tag: ${filter.tag}`;
    }
  }
  const label = computed(() => labelOf(sessions.filter));
  const isFiltered = computed(() => sessions.filter.kind !== 'all');

  function choose(filter: SessionFilter): void {
    sessions.show(filter);
    const userId = auth.user?._id;
    if (userId !== undefined) {
      writeStored(userId, KEY, filter.kind === 'all' ? null : JSON.stringify(filter));
    }
    announce(filter.kind === 'all' ? 'All chats are listed.' : `Listed: ${labelOf(filter)}.`);
  }

  return { label, isFiltered, choose, clear: () => choose(ALL_CHATS) };
}
