import { onScopeDispose, readonly, ref, type Ref } from 'vue';
import { copyText } from './copy-text.js';
import { announce } from './use-announcer.js';
import { showToast } from './use-toasts.js';

/** How long a button says that it has copied. */
const COPIED_MS = 2000;

/**
 * Copying for a button that says so afterwards; assistive technology is told as well, and a browser
 * that refuses is reported.
 *
 * @returns `copied` is true for two seconds after a success.
 */
export function useCopy(): {
  copied: Readonly<Ref<boolean>>;
  copy: (text: string) => Promise<void>;
} {
  const copied = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => {
    clearTimeout(timer);
  });

  async function copy(text: string): Promise<void> {
    if (!(await copyText(text))) {
      showToast({ text: 'Your browser did not allow copying.', tone: 'danger' });
      return;
    }
    announce('Copied');
    copied.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => (copied.value = false), COPIED_MS);
  }

  return { copied: readonly(copied), copy };
}
