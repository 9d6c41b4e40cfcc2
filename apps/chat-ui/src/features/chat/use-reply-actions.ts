import type { ListedMessage, Message } from '@chat/shared-types';
import { shallowReactive } from 'vue';
import { describeError } from '../../app/api-error.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { useSessionsStore } from '../sessions/index.js';
import { useRepliesStore } from './replies.store.js';
import { useTimelinesStore } from './timelines.store.js';

/** What a person can do about a session's replies and versions, with what they hear of it. */
export function useReplyActions(sessionId: string) {
  const sessions = useSessionsStore();
  const timelines = useTimelinesStore();
  const replies = useRepliesStore();
  /** A second press while the first is under way does nothing. */
  const busy = shallowReactive(new Set<string>());

  /** @param failure begins the sentence that says what did not happen. */
  async function attempt(
    message: Message,
    failure: string,
    action: () => Promise<void>,
  ): Promise<boolean> {
    if (busy.has(message._id)) return false;
    busy.add(message._id);
    try {
      await action();
      return true;
    } catch (error) {
      showToast({ text: `${failure} ${describeError(error)}`, tone: 'danger' });
      // It may have ended, or gone on, elsewhere.
      void timelines.refresh(sessionId);
      return false;
    } finally {
      busy.delete(message._id);
    }
  }

  const stop = (reply: Message): Promise<boolean> =>
    attempt(reply, 'The reply was not stopped.', () => replies.stop(reply));

  const resume = (reply: Message): Promise<boolean> =>
    attempt(reply, 'The reply did not go on.', () => replies.resume(reply));

  const regenerate = (reply: Message): Promise<boolean> =>
    attempt(reply, 'There is no new version.', () => replies.regenerate(reply));

  const reconnect = (reply: Message): Promise<boolean> =>
    attempt(reply, 'The reply could not be read.', () => replies.reconnect(reply));

  /** Shows another version of a message, and what follows it. */
  function showVersion(message: ListedMessage, step: 1 | -1): Promise<boolean> {
    const at = message.siblings.indexOf(message._id) + step;
    const wanted = message.siblings[at];
    if (wanted === undefined) return Promise.resolve(false);
    return attempt(message, 'The other version is not shown.', async () => {
      await sessions.update(sessionId, { active_message_id: wanted });
      await timelines.refresh(sessionId);
      // The other branch may be longer than a page: what was asked for has to be there.
      await timelines.showAround(sessionId, wanted);
      announce(`Version ${at + 1} of ${message.siblings.length}.`);
    });
  }

  return { stop, resume, regenerate, reconnect, showVersion };
}

export type ReplyActions = ReturnType<typeof useReplyActions>;
