import { toValue, watchEffect, type MaybeRefOrGetter } from 'vue';

/** Names the browser's tab after what the page shows. */
export function usePageTitle(title: MaybeRefOrGetter<string>): void {
  watchEffect(() => {
    document.title = `${toValue(title)} · Chat Sessions`;
  });
}
