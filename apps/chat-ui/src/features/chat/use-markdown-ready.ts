import { readonly, ref, watch, type Ref } from 'vue';
import { prepareMarkdown } from '../markdown/index.js';

const ready = ref(false);

// Nearly every chat has a reply: its parser comes beside the code of the chat, while the login is
// restored, not after the messages.
void prepareMarkdown();

/**
 * Whether replies can be shown as Markdown, or never will be. Who opens a chat does not see the
 * source of its replies for a moment first.
 *
 * @param needed whether there is, or is about to be, a reply to show; the parser is fetched then.
 */
export function useMarkdownReady(needed: () => boolean): Readonly<Ref<boolean>> {
  watch(
    needed,
    async (now) => {
      if (!now || ready.value) return;
      await prepareMarkdown();
      ready.value = true;
    },
    { immediate: true },
  );
  return readonly(ready);
}
