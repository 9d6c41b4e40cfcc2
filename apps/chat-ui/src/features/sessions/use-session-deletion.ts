import type { ChatSession } from '@chat/shared-types';
import { nextTick, readonly, ref, shallowRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { describeError } from '../../app/api-error.js';
import { tellTabs } from '../../app/tab-channel.js';
import { FOCUS_IDS, focusById } from '../../composables/focus-target.js';
import { showToast } from '../../composables/use-toasts.js';
import { useFoldersStore } from '../organise/index.js';
import { shortTitle } from './short-title.js';
import { useSessionsStore } from './sessions.store.js';
import { focusRow } from './use-list-focus.js';

const candidate = shallowRef<ChatSession | null>(null);
const asking = ref(false);
let opener: HTMLElement | null = null;

/** The chat that is about to be deleted; `SessionDeletion.vue` asks. */
export const deletionCandidate = readonly(candidate);
export { asking as askingToDelete };

/** @param from gets the focus back when nothing is deleted. */
export function askToDelete(session: ChatSession, from: HTMLElement | null): void {
  candidate.value = session;
  opener = from;
  asking.value = true;
}

/** What happens after the question was answered. */
export function useSessionDeletion() {
  const sessions = useSessionsStore();
  const folders = useFoldersStore();
  const route = useRoute();
  const router = useRouter();
  /** Where the focus goes when the dialog has closed; undefined: back to the opener. */
  let focusNext: (() => void) | undefined;

  function neighbourOf(sessionId: string): ChatSession | undefined {
    const at = sessions.sorted.findIndex(({ _id }) => _id === sessionId);
    return sessions.sorted[at + 1] ?? sessions.sorted[at - 1];
  }

  async function confirm(): Promise<void> {
    const session = candidate.value;
    if (!session) return;
    const neighbour = neighbourOf(session._id);
    const wasOpen = route.params.sessionId === session._id;
    focusNext = () => {
      if (!focusRow(neighbour?._id) && !focusById(FOCUS_IDS.newChat)) focusById(FOCUS_IDS.main);
    };
    const removal = sessions.remove(session._id);
    if (wasOpen) void leaveFor(neighbour);
    try {
      await removal;
      folders.refreshSoon();
      tellTabs({ kind: 'sessions-changed', userId: session.user_id });
      showToast({
        text: `Deleted “${shortTitle(session.title)}”.`,
        action: { label: 'Undo', run: () => void undo(session, wasOpen) },
      });
    } catch (error) {
      showToast({ text: `The chat was not deleted. ${describeError(error)}`, tone: 'danger' });
      if (wasOpen) await router.replace({ name: 'chat', params: { sessionId: session._id } });
    }
  }

  /** The focus goes to the list, so the page that opens must not take it. */
  async function leaveFor(neighbour: ChatSession | undefined): Promise<void> {
    const state = { keepFocus: true };
    if (!neighbour) await router.replace({ name: 'home', state });
    else await router.replace({ name: 'chat', params: { sessionId: neighbour._id }, state });
  }

  async function undo(session: ChatSession, wasOpen: boolean): Promise<void> {
    try {
      await sessions.restore(session._id);
      folders.refreshSoon();
      tellTabs({ kind: 'sessions-changed', userId: session.user_id });
      if (wasOpen) await router.push({ name: 'chat', params: { sessionId: session._id } });
      else await nextTick(() => focusRow(session._id));
    } catch (error) {
      showToast({ text: `The chat was not restored. ${describeError(error)}`, tone: 'danger' });
    }
  }

  function returnFocus(event: Event): void {
    event.preventDefault();
    if (focusNext) focusNext();
    else opener?.focus();
    focusNext = undefined;
    opener = null;
  }

  return { confirm, returnFocus };
}
