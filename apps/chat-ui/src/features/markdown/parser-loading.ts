import { readonly, shallowRef } from 'vue';
import type { ParseMarkdown } from './markdown-parser.js';

const loaded = shallowRef<ParseMarkdown | null>(null);
let loading: Promise<void> | undefined;

/** The parser, or null until its chunk has come. */
export const markdownParser = readonly(loaded);

/**
 * Fetches the parser, once; worth calling while messages are still on their way, so that they are
 * shown as Markdown from the first moment.
 *
 * @returns resolves when it is there, and also when it could not be fetched: texts are shown as
 * they are then, and the next call tries again.
 */
export function prepareMarkdown(): Promise<void> {
  loading ??= import('./markdown-parser.js').then(
    ({ parseMarkdown }) => {
      loaded.value = parseMarkdown;
    },
    () => {
      loading = undefined;
    },
  );
  return loading;
}
