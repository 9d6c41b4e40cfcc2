import { onScopeDispose, ref } from 'vue';
import { describeError } from '../../app/api-error.js';
import { downloadFile } from '../../app/file-transfer.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';

/** One download at a time, with how far it has come. It ends with the scope that began it. */
export function useDownload() {
  const busy = ref(false);
  const received = ref(0);
  const share = ref<number>();
  const failure = ref<string>();
  let running: AbortController | undefined;

  /** @returns whether the file was saved. */
  async function start(path: string, otherwiseNamed: string): Promise<boolean> {
    if (busy.value) return false;
    const abort = new AbortController();
    running = abort;
    busy.value = true;
    received.value = 0;
    share.value = undefined;
    failure.value = undefined;
    announce('Preparing the file.');
    try {
      const name = await downloadFile(path, otherwiseNamed, {
        signal: abort.signal,
        onProgress: (done, total) => {
          received.value = done;
          share.value = total === undefined ? undefined : done / total;
        },
      });
      showToast({ text: `Saved “${name}”.` });
      return true;
    } catch (error) {
      if (!abort.signal.aborted) failure.value = describeError(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  function cancel(): void {
    running?.abort();
  }

  onScopeDispose(cancel);
  return { busy, received, share, failure, start, cancel };
}
