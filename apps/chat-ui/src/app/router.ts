import { NOT_LOADED } from '../composables/on-demand.js';
import { showToast } from '../composables/use-toasts.js';
import { createRouter, createWebHistory, type Router } from 'vue-router';
import { LoginView, RegisterView, useAuthStore } from '../features/auth/index.js';
import { ChatView, HomeView } from '../features/chat/index.js';
import { TrashView } from '../features/trash/index.js';
import AppShell from './AppShell.vue';

declare module 'vue-router' {
  interface RouteMeta {
    /** For those who are not signed in; everything else is for those who are. */
    guest?: boolean;
  }
}

/** Pages and who may see them. Needs the stores to be installed. */
export function createPageRouter(): Router {
  const router = createRouter({
    history: createWebHistory('/chat-ui/'),
    routes: [
      { path: '/login', name: 'login', component: LoginView, meta: { guest: true } },
      { path: '/register', name: 'register', component: RegisterView, meta: { guest: true } },
      {
        path: '/',
        component: AppShell,
        children: [
          { path: '', name: 'home', component: HomeView },
          { path: 'c/:sessionId', name: 'chat', component: ChatView, props: true },
          { path: 'trash', name: 'trash', component: TrashView },
          { path: ':rest(.*)*', name: 'unknown', component: () => import('./UnknownPage.vue') },
        ],
      },
    ],
  });

  router.onError((_error, to) => {
    showToast({
      text: NOT_LOADED,
      tone: 'danger',
      action: { label: 'Retry', run: () => void router.push(to).catch(() => undefined) },
    });
  });

  begin(router);
  router.beforeEach(async (to) => {
    const auth = useAuthStore();
    if (auth.status === 'unknown') await auth.restore();
    const guest = to.meta.guest === true;
    if (auth.status === 'signed-out' && !guest) {
      const next = to.fullPath === '/' ? {} : { next: to.fullPath };
      return { name: 'login', query: next, replace: true };
    }
    if (auth.status === 'signed-in' && guest) return signedInTarget(to.query.next);
    return true;
  });

  return router;
}

/**
 * Asks who is signed in and fetches the code of the page that the address names, side by side and
 * before anything is drawn: everything else waits for these two.
 */
function begin(router: Router): void {
  const { name } = router.resolve(router.options.history.location);
  void useAuthStore().restore();
  // A chunk that does not come is asked for again by the router, which reports it.
  if (name === 'chat') void ChatView().catch(() => undefined);
  if (name === 'home') void HomeView().catch(() => undefined);
}

/** Only a path of this page: `//host` and the like are someone else's. */
function signedInTarget(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}
