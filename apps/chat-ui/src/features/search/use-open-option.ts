import { useRouter, type RouteLocationRaw } from 'vue-router';
import { sidebarLayout } from '../../composables/use-sidebar-layout.js';
import type { PaletteOption } from './palette-options.js';

/** Leads to what was picked in the palette. */
export function useOpenOption() {
  const router = useRouter();

  /** @param inTrash whether what was found is in the trash, where it cannot be opened. */
  async function openOption(option: PaletteOption, inTrash: boolean): Promise<void> {
    await router.push(placeOf(option, inTrash));
  }

  function placeOf({ sessionId, messageId, words }: PaletteOption, inTrash: boolean) {
    const place: RouteLocationRaw = inTrash
      ? { name: 'trash' }
      : {
          name: 'chat',
          params: { sessionId },
          query: messageId === null ? {} : { m: messageId },
        };
    const isHere = router.resolve(place).fullPath === router.currentRoute.value.fullPath;
    return {
      ...place,
      // An open drawer is a step of the history that what is picked takes the place of.
      replace: sidebarLayout.drawerOpen.value || isHere,
      force: true,
      // What is picked once more is shown once more: each pick has a number of its own.
      state: { drawer: null, pick: performance.now(), words: [...words] },
    };
  }

  return { openOption };
}
