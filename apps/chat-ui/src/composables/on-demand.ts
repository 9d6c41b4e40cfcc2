import { defineAsyncComponent, type AsyncComponentLoader, type Component } from 'vue';
import { recoverFocus } from './focus-target.js';
import { showToast } from './use-toasts.js';

/** Said where code does not come that somebody waits for. */
export const NOT_LOADED = 'That did not load. Check your connection and try again.';

/**
 * For what a press opens and is fetched then. Where its code does not come, a note says so.
 *
 * @param abandon takes the wish back, so that the next press asks for the code again, and may
 *   return what gets the focus.
 */
export function onDemand<T extends Component>(
  load: AsyncComponentLoader<T>,
  abandon: () => HTMLElement | null | undefined,
): T {
  return defineAsyncComponent<T>({
    loader: load,
    onError(_error, _retry, fail) {
      abandon()?.focus();
      showToast({ text: NOT_LOADED, tone: 'danger' });
      void recoverFocus();
      fail();
    },
  });
}
