import type { ListedMessage, Message } from '@chat/shared-types';
import { computed, onScopeDispose, onUnmounted, watch } from 'vue';
import { describeError, isNotFound } from '../../app/api-error.js';
import { tellTabs } from '../../app/tab-channel.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { useAuthStore } from '../auth/index.js';
import { useSessionsStore } from '../sessions/index.js';
import { useOutboxStore } from './outbox.store.js';
import { useRepliesStore } from './replies.store.js';
import { keptPosition } from './scroll-positions.js';
import { useTimelinesStore } from './timelines.store.js';
import { useReplyActions } from './use-reply-actions.js';
import { useReplyAnnouncements } from './use-reply-announcements.js';

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
  const replies = useRepliesStore();
  const actions = useReplyActions(sessionId);

  /** A message that is being replaced by its edited version, and what followed it, is not shown. */
  const shown = computed<readonly ListedMessage[]>(() => {
    const { messages } = timeline.excerpt ?? timeline;
    const replaced = new Set(pending.value.map(({ replaces }) => replaces));
    if (replaced.size === 0) return messages;
    const at = messages.findIndex(({ _id }) => replaced.has(_id));
    return at === -1 ? messages : messages.slice(0, at);
  });
  const running = computed(() => timeline.messages.filter(replies.isRunning));
  /** The reply that Stop ends. */
  const runningReply = computed(() =>
    (timeline.excerpt ? timeline.messages : shown.value).findLast(replies.isRunning),
  );

  watch(
    running,
    (now) => {
      replies.attend(sessionId, now);
      // It may have ended while nobody looked.
      if (now.length === 0 && timeline.status === 'ready') outbox.release(sessionId);
    },
    { immediate: true },
  );
  useReplyAnnouncements(() => timeline.messages.at(-1), replies.isRunning);

  function tellOthers(): void {
    if (auth.user) tellTabs({ kind: 'messages-changed', userId: auth.user._id, sessionId });
  }

  async function stop(): Promise<void> {
    if (runningReply.value) await actions.stop(runningReply.value);
  }

  /** Sends an edited message in the place of the old one. */
  function sendEdited(message: ListedMessage, content: string): void {
    outbox.enqueue(sessionId, content, { parentId: message.parent_id, replaces: message._id });
    announce('Sending.');
  }

  async function chooseModel(model: string | null): Promise<void> {
    try {
      await sessions.update(sessionId, { model });
    } catch (error) {
      showToast({ text: `The model was not changed. ${describeError(error)}`, tone: 'danger' });
    }
  }

  async function savePrompt(prompt: string | null): Promise<boolean> {
    try {
      await sessions.update(sessionId, { system_prompt: prompt });
      announce('System prompt saved.');
      return true;
    } catch (error) {
      showToast({
        text: `The system prompt was not saved. ${describeError(error)}`,
        tone: 'danger',
      });
      return false;
    }
  }

  async function reload(read = timelines.read): Promise<void> {
    const known = sessions.ensure(sessionId).catch((error: unknown) => {
      // The timeline's own answer says so on the page; anything else leaves the title out for now.
      if (isNotFound(error)) sessions.drop(sessionId);
    });
    await Promise.all([read(sessionId), known]);
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

  // Before anything is mounted: the answer comes while the rest of the chat is drawn.
  const firstRead = reload(timelines.readFirst);
  onScopeDispose(() => {
    replies.leaveSession(sessionId);
  });
  // After the list has left, and with it where its reader was.
  onUnmounted(() => {
    if (keptPosition(sessionId)) return;
    timelines.showNewest(sessionId);
    if (timeline.messages.length > KEPT_MESSAGES) timelines.forget(sessionId);
  });

  return {
    timeline,
    session,
    pending,
    shown,
    runningReply,
    reload: () => reload(),
    send,
    sendEdited,
    remove,
    readOlder: () => timelines.readOlder(sessionId),
    readNewer: () => timelines.readNewer(sessionId),
    showNewest: () => {
      timelines.showNewest(sessionId);
    },
    /** Resolves when the first answer is there, whatever it says. */
    firstRead,
    retry: outbox.retry,
    discard: outbox.discard,
    rowKeyOf: timelines.rowKeyOf,
    stop,
    chooseModel,
    savePrompt,
    actions,
  };
}
