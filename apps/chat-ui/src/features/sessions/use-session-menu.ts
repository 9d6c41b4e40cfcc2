import { shallowRef, type Component } from 'vue';
import { showToast } from '../../composables/use-toasts.js';

const items = shallowRef<Component>();

async function load(): Promise<void> {
  items.value ??= (await import('./SessionMenuItems.vue')).default;
}

/**
 * What is in a chat's menu, fetched when nothing more urgent is to be done, and at the latest
 * before a menu opens: an empty one would not know where to put the focus.
 */
export function useSessionMenu() {
  /** Never throws: what is not there by then is fetched when a menu is opened. */
  async function prepare(): Promise<void> {
    await load().catch(() => undefined);
  }

  /** @returns whether a menu can be opened now; a note has said why not. */
  async function ready(): Promise<boolean> {
    try {
      await load();
      return true;
    } catch {
      showToast({
        text: 'The menu did not load. Check your connection and try again.',
        tone: 'danger',
      });
      return false;
    }
  }

  return { items, prepare, ready };
}
