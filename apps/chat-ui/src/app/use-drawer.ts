import { readonly } from 'vue';
import { useRouter, type RouteLocationNormalized } from 'vue-router';
import { START_LOCATION } from 'vue-router';
import { sidebarLayout } from '../composables/use-sidebar-layout.js';

/**
 * The drawer as a step of the history: Back closes it, and closing it any other way takes the step
 * back. The step has the page's own address and `drawer` in its state.
 */
export function useDrawer() {
  const router = useRouter();

  router.afterEach((_to, from: RouteLocationNormalized) => {
    const state = history.state as { drawer?: unknown } | null;
    // A reload inside the step shows the page, not the drawer.
    sidebarLayout.setDrawer(from !== START_LOCATION && state?.drawer === true);
  });

  async function open(): Promise<void> {
    const { path, query, hash } = router.currentRoute.value;
    await router.push({ path, query, hash, force: true, state: { drawer: true } });
  }

  /** For Esc, the backdrop and the button; picking a chat replaces the step instead. */
  function close(): void {
    const state = history.state as { drawer?: unknown } | null;
    sidebarLayout.setDrawer(false);
    if (state?.drawer === true) router.back();
  }

  return { drawerOpen: readonly(sidebarLayout.drawerOpen), open, close };
}
