import { onScopeDispose, ref, shallowRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { ApiError, describeError, isNotFound } from '../../app/api-error.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { useSessionsStore } from '../sessions/index.js';
import { useTimelinesStore } from './timelines.store.js';

/** The message that an address leads to (`/c/<id>?m=<message id>`). */
export interface MessageTarget {
  messageId: string;
  /** What was searched for, to be marked in it. */
  words: readonly string[];
}

/**
 * Finds the message that the address names, wherever it is in the conversation: far up, or on
 * another branch, which is shown then.
 *
 * @param firstRead resolves when the conversation's newest messages were read.
 * @returns `seeking` is true until the first address was followed, so that nobody sees the end of
 * the conversation first; `target` is set anew each time a message is to be shown.
 */
export function useMessageTarget(sessionId: string, firstRead: Promise<void>) {
  const route = useRoute();
  const router = useRouter();
  const sessions = useSessionsStore();
  const timelines = useTimelinesStore();
  const target = shallowRef<MessageTarget | null>(null);
  const seeking = ref(typeof route.query.m === 'string');
  /** Every visit has a mark of its own; opening and closing the drawer is none. */
  let followed = '';

  async function follow(): Promise<void> {
    const messageId = route.query.m;
    const state = history.state as Record<string, unknown> | null;
    if (route.params.sessionId !== sessionId || typeof messageId !== 'string') {
      followed = '';
      return;
    }
    const visit = `${messageId} ${typeof state?.pick === 'number' ? state.pick : ''}`;
    if (state?.drawer === true || visit === followed) return;
    followed = visit;
    await firstRead;
    if (timelines.open(sessionId).status !== 'ready') return;
    try {
      await find(messageId);
      if (followed === visit) target.value = { messageId, words: wordsOf(state?.words) };
    } catch (error) {
      report(error);
    }
  }

  async function find(messageId: string): Promise<void> {
    try {
      await timelines.showAround(sessionId, messageId);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await sessions.update(sessionId, { active_message_id: messageId });
      await timelines.refresh(sessionId);
      await timelines.showAround(sessionId, messageId);
      announce('Another version of this chat is shown.');
    }
  }

  void follow().finally(() => (seeking.value = false));
  onScopeDispose(router.afterEach(() => void follow()));

  return { target, seeking };
}

/** The state of a step of the history is whatever was put there. */
function wordsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}

function report(error: unknown): void {
  const isGone = error instanceof ApiError && error.status < 500;
  const text = isGone
    ? 'This message is not here. It may be in the trash.'
    : `The message was not found. ${describeError(error)}`;
  showToast({ text, tone: 'danger' });
}
