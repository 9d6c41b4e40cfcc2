import type { ImportJob, ListedImport } from '@chat/shared-types';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { ApiError, describeError } from '../../app/api-error.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { describeCounts } from './import-words.js';
import { importsApi } from './transfer.api.js';
import { onTransferLeave } from './use-transfer-question.js';

/**
 * `checking` and `importing` are the same work of the server, without and with effect; a file is
 * sent for each.
 */
export type ImportStep = 'choosing' | 'sending' | 'checking' | 'checked' | 'importing' | 'ended';

/** How often the server is asked how far it has come. */
const ASK_EVERY_MS = 500;

/** The import of this user. It goes on while the dialog is closed; the dialog shows where it is. */
export const useImportsStore = defineStore('imports', () => {
  const step = ref<ImportStep>('choosing');
  const file = shallowRef<File | null>(null);
  /** From 0 to 1: of what is sent, then of what the server has read. */
  const share = ref<number>();
  const job = shallowRef<ImportJob | null>(null);
  const failure = ref<string>();
  const latest = shallowRef<readonly ListedImport[]>([]);
  const undoing = ref(false);
  /** Set by the dialog: whoever does not look at it is told by a toast. */
  const watched = ref(false);
  let running = new AbortController();

  const busy = computed(() => ['sending', 'checking', 'importing'].includes(step.value));

  /** Takes a file and asks what would become of it. */
  function check(chosen: File): Promise<void> {
    file.value = chosen;
    return send(chosen, true);
  }

  /** Imports the file that was checked. */
  async function confirm(): Promise<void> {
    if (file.value !== null) await send(file.value, false);
  }

  async function send(chosen: File, dryRun: boolean): Promise<void> {
    running.abort();
    const { signal } = (running = new AbortController());
    step.value = 'sending';
    failure.value = undefined;
    share.value = 0;
    announce(dryRun ? 'Checking the file.' : 'Importing.');
    try {
      const { _id } = await importsApi.start(chosen, dryRun, {
        signal,
        onProgress: (done, total) => {
          share.value = total === undefined ? undefined : done / total;
        },
      });
      await follow(_id, dryRun, signal);
    } catch (error) {
      if (signal.aborted) return;
      failure.value = describeError(error);
      step.value = dryRun ? 'choosing' : 'checked';
      if (error instanceof ApiError && error.code === 'import-running') await resume();
    }
  }

  async function follow(id: string, dryRun: boolean, signal: AbortSignal): Promise<void> {
    step.value = dryRun ? 'checking' : 'importing';
    share.value = 0;
    for (;;) {
      const list = await importsApi.latest(signal);
      const found = list.find(({ _id }) => _id === id);
      latest.value = list;
      if (found?.status !== 'running') break;
      share.value = found.progress.total === 0 ? 0 : found.progress.done / found.progress.total;
      await pause(signal);
    }
    const ended = await importsApi.get(id);
    if (signal.aborted) return;
    job.value = ended;
    if (ended.status === 'failed') failure.value = ended.error ?? 'The import failed.';
    step.value = stepAfter(ended);
    tellEnd(ended);
  }

  function tellEnd(ended: ImportJob): void {
    const text = ended.error ?? describeCounts(ended);
    if (watched.value || ended.dry_run) {
      announce(text);
      return;
    }
    const undoable = ended.counts.imported > 0;
    showToast({
      text: ended.error === null ? `Import done: ${text}` : `The import failed. ${text}`,
      tone: ended.error === null ? 'neutral' : 'danger',
      ...(undoable ? { action: { label: 'Undo', run: () => void undo(ended._id) } } : {}),
    });
  }

  /** Finds what is under way, also what was begun before the page was reloaded, and shows it. */
  async function resume(): Promise<void> {
    if (busy.value && step.value !== 'sending') return;
    const { signal } = running;
    try {
      latest.value = await importsApi.latest(signal);
      const found = latest.value.find(({ status }) => status === 'running');
      if (found !== undefined && !busy.value) {
        failure.value = undefined;
        await follow(found._id, found.dry_run, signal);
      }
    } catch (error) {
      if (!signal.aborted) failure.value = describeError(error);
    }
  }

  /** Stops sending; what the server has whole by then it goes on with. */
  function cancelSending(): void {
    if (step.value !== 'sending') return;
    running.abort();
    startOver();
  }

  function startOver(): void {
    if (busy.value && !running.signal.aborted) return;
    running = new AbortController();
    step.value = 'choosing';
    file.value = null;
    job.value = null;
    failure.value = undefined;
  }

  /** Moves what an import made to the trash. */
  async function undo(id: string): Promise<void> {
    if (undoing.value) return;
    undoing.value = true;
    try {
      const undone = await importsApi.undo(id);
      if (job.value?._id === id) job.value = undone;
      latest.value = latest.value.map((one) => (one._id === id ? undone : one));
      showToast({ text: 'The import was undone. Its chats are in the trash.' });
    } catch (error) {
      showToast({ text: `The import was not undone. ${describeError(error)}`, tone: 'danger' });
    } finally {
      undoing.value = false;
    }
  }

  function reset(): void {
    running.abort();
    startOver();
    latest.value = [];
  }

  onTransferLeave(reset);

  return {
    step,
    file,
    share,
    job,
    failure,
    latest,
    undoing,
    watched,
    busy,
    check,
    confirm,
    resume,
    cancelSending,
    startOver,
    undo,
  };
});

function stepAfter({ status, dry_run }: ImportJob): ImportStep {
  if (!dry_run) return 'ended';
  return status === 'failed' ? 'choosing' : 'checked';
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ASK_EVERY_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('The import is not followed any more.', 'AbortError'));
    });
  });
}
