import type { SentMessage } from '@chat/shared-types';
import { tellTabs } from '../../app/tab-channel.js';
import { announce } from '../../composables/use-announcer.js';
import { useSessionsStore } from '../sessions/index.js';
import type { OutboxEntry } from './outbox-storage.js';
import { useOutboxStore } from './outbox.store.js';
import { useRepliesStore } from './replies.store.js';
import { forgetPositions } from './scroll-positions.js';
import { useTimelinesStore } from './timelines.store.js';

/** A message that was refused because of a reply asks again after this long, whatever was heard. */
const ASK_AGAIN_MS = 2_000;

/** What a user's messages need while the user is signed in, whichever page is open. */
export function useUserMessages() {
  const sessions = useSessionsStore();
  const timelines = useTimelinesStore();
  const outbox = useOutboxStore();
  const replies = useRepliesStore();

  function takeDelivered({ reply, ...message }: SentMessage, entry: OutboxEntry): void {
    const { user_id: userId, session_id: sessionId } = message;
    if (entry.replaces === undefined) timelines.add(message, entry.key);
    else timelines.branchOff(message, entry.replaces, entry.key);
    announce('Message sent.');
    if (reply) timelines.add(reply);
    sessions.noteActivity(sessionId, reply ? 2 : 1, (reply ?? message).created_at);
    tellTabs({ kind: 'messages-changed', userId, sessionId });
  }

  /** Lets what waits for a reply in a session go, where that reply has ended. */
  async function releaseEnded(sessionId: string): Promise<void> {
    if (!outbox.isHolding(sessionId)) return;
    await timelines.refresh(sessionId);
    const { status, messages } = timelines.open(sessionId);
    if (status === 'ready' && !messages.some(replies.isRunning)) outbox.release(sessionId);
  }

  return {
    open: (userId: string): void => {
      outbox.open(userId, {
        delivered: takeDelivered,
        // Its end may have been heard before the refusal was, or be that of another branch.
        held: (sessionId) => {
          setTimeout(() => void releaseEnded(sessionId), ASK_AGAIN_MS);
        },
      });
    },
    resume: (): void => {
      outbox.resume();
    },
    /** Something happened in a session elsewhere: what waited there may go on. */
    releaseEnded,
    /** A session was deleted elsewhere. */
    noteGone: (sessionId: string): void => {
      timelines.noteGone(sessionId);
    },
    /** Reads the messages of a session whose page is about to open. */
    readAhead: (sessionId: string): void => {
      timelines.readAhead(sessionId);
    },
    /** Reads one session's messages again, where they are on the screen. */
    reread: (sessionId: string): Promise<void> => timelines.refresh(sessionId),
    /** @param loginExpired rather than that the user has left. */
    close: (loginExpired: boolean): void => {
      replies.reset();
      outbox.close(loginExpired);
      timelines.reset();
      forgetPositions();
    },
  };
}
