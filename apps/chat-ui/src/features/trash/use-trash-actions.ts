import type { TrashEntry } from '@chat/shared-types';
import { ref } from 'vue';
import { useRouter } from 'vue-router';
import { describeError } from '../../app/api-error.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import type { Trash } from './use-trash.js';

/** What a person can do about the trash, with what they hear of it. */
export function useTrashActions(trash: Trash) {
  const router = useRouter();
  /** The question before everything goes for good. */
  const asking = ref(false);
  const counting = ref(false);
  /** The last answer to it. */
  const emptied = ref(false);

  /** Restores an entry and opens it. @returns whether it was restored. */
  async function restore(entry: TrashEntry): Promise<boolean> {
    try {
      await trash.restore(entry);
    } catch (error) {
      showToast({ text: `It was not restored. ${describeError(error)}`, tone: 'danger' });
      return false;
    }
    announce(entry.type === 'session' ? 'Chat restored.' : 'Message restored.');
    const sessionId = entry.type === 'session' ? entry.session._id : entry.message.session_id;
    const query = entry.type === 'session' ? {} : { m: entry.message._id };
    await router.push({ name: 'chat', params: { sessionId }, query });
    return true;
  }

  /** The question names how much there is, so that is read first. */
  async function ask(): Promise<void> {
    if (counting.value) return;
    counting.value = true;
    emptied.value = false;
    try {
      await trash.readToCount();
      asking.value = true;
    } catch (error) {
      showToast({ text: `The trash was not read. ${describeError(error)}`, tone: 'danger' });
    } finally {
      counting.value = false;
    }
  }

  async function empty(): Promise<void> {
    emptied.value = true;
    try {
      await trash.empty();
      announce('The trash is empty.');
    } catch (error) {
      showToast({ text: `The trash was not emptied. ${describeError(error)}`, tone: 'danger' });
    }
  }

  return { asking, counting, emptied, restore, ask, empty };
}
