import type { Message } from '@chat/shared-types';
import { tellTabs } from '../../app/tab-channel.js';
import { announce } from '../../composables/use-announcer.js';
import { useSessionsStore } from '../sessions/index.js';
import { LIMITS } from '@chat/shared-types';
import { titleFrom } from './first-message.js';
import type { OutboxEntry } from './outbox-storage.js';
import { useOutboxStore } from './outbox.store.js';
import { useTimelinesStore } from './timelines.store.js';

/** What a user's messages need while the user is signed in, whichever page is open. */
export function useUserMessages() {
  const sessions = useSessionsStore();
  const timelines = useTimelinesStore();
  const outbox = useOutboxStore();

  function takeDelivered(message: Message, { key }: OutboxEntry): void {
    timelines.add(message, key);
    announce('Message sent.');
    const session = sessions.get(message.session_id);
    sessions.noteActivity(message.session_id, 1, message.created_at);
    const { user_id: userId, session_id: sessionId } = message;
    tellTabs({ kind: 'messages-changed', userId, sessionId });
    const title = titleFrom(message.content);
    const untitled = session?.title === LIMITS.sessionTitle.default && session.message_count === 0;
    // A convenience: when it fails, the chat keeps the title it has.
    if (untitled && title) void sessions.rename(sessionId, title).catch(() => undefined);
  }

  return {
    open: (userId: string): void => {
      outbox.open(userId, takeDelivered);
    },
    resume: (): void => {
      outbox.resume();
    },
    /** Reads one session's messages again, where they are on the screen. */
    reread: (sessionId: string): Promise<void> => timelines.read(sessionId),
    close: (): void => {
      outbox.close();
      timelines.reset();
    },
  };
}
