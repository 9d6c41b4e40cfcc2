import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** A wait shorter than this shows nothing: a skeleton that blinks is worse than none. */
export const SKELETON_DELAY_MS = 150;

/** Follows a flag, but rises only after it has been up for a while. */
export function useDelayed(
  flag: () => boolean,
  delayMs = SKELETON_DELAY_MS,
): Readonly<Ref<boolean>> {
  const delayed = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    flag,
    (up) => {
      clearTimeout(timer);
      if (!up) delayed.value = false;
      else timer = setTimeout(() => (delayed.value = true), delayMs);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
  });
  return delayed;
}
