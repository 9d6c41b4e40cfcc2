import type { Message } from '@chat/shared-types';
import { computed, onMounted, onScopeDispose, watch } from 'vue';
import { describeError, isNotFound } from '../../app/api-error.js';
import { tellTabs } from '../../app/tab-channel.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { useAuthStore } from '../auth/index.js';
import { useSessionsStore } from '../sessions/index.js';
import { useOutboxStore } from './outbox.store.js';
import { useTimelinesStore } from './timelines.store.js';

/** Longer ones are read again when they are opened again, so that memory follows what is looked at. */
const KEPT_MESSAGES = 200;

/** One open session: what it shows and what can be done in it. */
export function useConversation(sessionId: string) {
  const auth = useAuthStore();
  const sessions = useSessionsStore();
  const timelines = useTimelinesStore();
  const outbox = useOutboxStore();

  const timeline = timelines.open(sessionId);
  const session = computed(() => sessions.get(sessionId));
  const pending = computed(() => outbox.of(sessionId));
  const lastOwnText = computed(
    () =>
      pending.value.at(-1)?.content ??
      timeline.messages.findLast(({ role }) => role === 'user')?.content ??
      null,
  );

  // A reply that arrives while the chat is open is read out once, whole.
  watch(
    () => timeline.messages.at(-1),
    (newest, before) => {
      if (before && newest?.role === 'assistant' && newest.created_at > before.created_at) {
        announce(`Assistant: ${newest.content}`);
      }
    },
  );

  function tellOthers(): void {
    if (auth.user) tellTabs({ kind: 'messages-changed', userId: auth.user._id, sessionId });
  }

  async function reload(): Promise<void> {
    const known = sessions.ensure(sessionId).catch((error: unknown) => {
      // The timeline's own answer says so on the page; anything else leaves the title out for now.
      if (isNotFound(error)) sessions.drop(sessionId);
    });
    await Promise.all([timelines.read(sessionId), known]);
  }

  function send(content: string): void {
    outbox.enqueue(sessionId, content);
    announce(navigator.onLine ? 'Sending.' : 'You are offline. The message waits.');
  }

  /** The count and the time of a session follow a deletion on the server; they are asked for. */
  async function noteChange(): Promise<void> {
    tellOthers();
    await sessions.reread(sessionId).catch(() => undefined);
  }

  async function remove(message: Message): Promise<void> {
    try {
      await timelines.remove(message);
      showToast({
        text: 'Message deleted.',
        action: { label: 'Undo', run: () => void undoRemove(message) },
      });
      await noteChange();
    } catch (error) {
      showToast({ text: `The message was not deleted. ${describeError(error)}`, tone: 'danger' });
    }
  }

  async function undoRemove(message: Message): Promise<void> {
    try {
      await timelines.restore(message);
      announce('Message restored.');
      await noteChange();
    } catch (error) {
      showToast({ text: `The message was not restored. ${describeError(error)}`, tone: 'danger' });
    }
  }

  onMounted(() => void reload());
  onScopeDispose(() => {
    if (timeline.messages.length > KEPT_MESSAGES) timelines.forget(sessionId);
  });

  return {
    timeline,
    session,
    pending,
    lastOwnText,
    reload,
    send,
    remove,
    readOlder: () => timelines.readOlder(sessionId),
    retry: outbox.retry,
    discard: outbox.discard,
    rowKeyOf: timelines.rowKeyOf,
  };
}
