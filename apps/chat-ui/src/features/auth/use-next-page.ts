import { useRoute, useRouter } from 'vue-router';

/** Where to go once signed in: the page that asked for it, else the start. */
export function useNextPage() {
  const route = useRoute();
  const router = useRouter();

  /** The query that carries the wish from the login form to the registration form and back. */
  const nextQuery = (): Record<string, string> => {
    const { next } = route.query;
    return typeof next === 'string' ? { next } : {};
  };

  async function leave(): Promise<void> {
    const next = nextQuery().next;
    // Only a path of this page: `//host` and the like are someone else's.
    const inside = next !== undefined && /^\/(?![/\\])/.test(next);
    await router.replace(inside ? next : '/');
  }

  return { nextQuery, leave };
}
