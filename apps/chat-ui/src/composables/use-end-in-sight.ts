import { useIntersectionObserver } from '@vueuse/core';
import type { ShallowRef } from 'vue';

/** How far ahead of the end loading begins. */
const AHEAD = '600px';

/**
 * Loads more of a list while its end is in sight.
 *
 * An observer reports changes only: whoever is carried along with the end sees it all the time,
 * and nothing changes. So the end is looked at again after each load.
 *
 * @param load loads one part; resolves to whether another may follow.
 */
export function useEndInSight(
  end: Readonly<ShallowRef<HTMLElement | null>>,
  load: () => Promise<boolean>,
): void {
  let inSight = false;
  let loading = false;

  async function loadWhileInSight(): Promise<void> {
    if (loading) return;
    loading = true;
    try {
      while (inSight && (await load())) await observed();
    } finally {
      loading = false;
    }
  }

  useIntersectionObserver(
    end,
    (entries) => {
      inSight = entries.at(-1)?.isIntersecting ?? false;
      if (inSight) void loadWhileInSight();
    },
    { rootMargin: AHEAD },
  );
}

/** Two frames: the first lays the new rows out, the observer has reported before the second. */
function observed(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}
