import { readonly, ref } from 'vue';

const text = ref('');

/** What the page's one live region says; the region itself is `ui/LiveRegion.vue`. */
export const announcement = readonly(text);

/** Says something to those who do not see the page. The same words said twice are heard twice. */
export function announce(words: string): void {
  // A region whose text does not change stays silent: a no-break space makes the difference.
  text.value = text.value === words ? `${words}\u00a0` : words;
}
