import { readonly, ref } from 'vue';

export type ShownTheme = 'light' | 'dark';

const shown = ref(read());

// The choice may be "system": what is shown in the end stands at the document alone.
new MutationObserver(() => (shown.value = read())).observe(document.documentElement, {
  attributeFilter: ['data-theme'],
});

function read(): ShownTheme {
  return document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light';
}

/** The theme on the screen right now. */
export const shownTheme = readonly(shown);
