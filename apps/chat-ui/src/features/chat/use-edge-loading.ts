import { useEventListener } from '@vueuse/core';
import type { Ref } from 'vue';

/** More is fetched this many screens before the edge is reached. */
const SCREENS_AHEAD = 2;

/** Calls for more rows before the reader comes to the end of those that are there. */
export function useEdgeLoading(
  viewport: Readonly<Ref<HTMLElement | null>>,
  edges: { nearStart: () => void; nearEnd: () => void },
) {
  function check(): void {
    const box = viewport.value;
    if (!box) return;
    const ahead = box.clientHeight * SCREENS_AHEAD;
    if (box.scrollTop < ahead) edges.nearStart();
    if (box.scrollHeight - box.clientHeight - box.scrollTop < ahead) edges.nearEnd();
  }
  useEventListener(viewport, 'scroll', check, { passive: true });
  return { check };
}
