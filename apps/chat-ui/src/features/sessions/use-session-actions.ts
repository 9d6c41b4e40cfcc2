import type { ChatSession } from '@chat/shared-types';
import { useRouter } from 'vue-router';
import { describeError } from '../../app/api-error.js';
import { tellTabs } from '../../app/tab-channel.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { useFoldersStore } from '../organise/index.js';
import { shortTitle } from './short-title.js';
import { useSessionsStore } from './sessions.store.js';
import { keepUnread } from './use-read-mark.js';
import { useSessionNavigation } from './use-session-navigation.js';

/** What can be done about one chat from its menus, with everything a person should hear of it. */
export function useSessionActions() {
  const sessions = useSessionsStore();
  const folders = useFoldersStore();
  const router = useRouter();
  const { open } = useSessionNavigation();

  async function attempt(
    { user_id: userId }: ChatSession,
    said: { done: string; failed: string },
    call: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await call();
      tellTabs({ kind: 'sessions-changed', userId });
      announce(said.done);
    } catch (error) {
      showToast({ text: `${said.failed} ${describeError(error)}`, tone: 'danger' });
    }
  }

  function setPinned(session: ChatSession, pinned: boolean): Promise<void> {
    const said = {
      done: `${pinned ? 'Pinned' : 'Unpinned'} ${session.title}.`,
      failed: `The chat was not ${pinned ? 'pinned' : 'unpinned'}.`,
    };
    return attempt(session, said, () => sessions.change(session._id, { pinned }));
  }

  function setUnread(session: ChatSession, unread: boolean): Promise<void> {
    keepUnread(session._id, unread);
    const said = {
      done: `Marked ${session.title} as ${unread ? 'unread' : 'read'}.`,
      failed: 'The mark was not saved.',
    };
    return attempt(session, said, () => sessions.change(session._id, { unread }));
  }

  async function setTags(session: ChatSession, tags: string[]): Promise<void> {
    if (JSON.stringify(tags) === JSON.stringify(session.tags)) return;
    const said = { done: 'Tags saved.', failed: 'The tags were not saved.' };
    await attempt(session, said, () => sessions.change(session._id, { tags }));
  }

  /**
   * Opens a copy of a chat.
   *
   * @param untilMessageId only the path to this message is copied; everything where it is absent.
   */
  async function duplicate(session: ChatSession, untilMessageId?: string): Promise<void> {
    const isFork = untilMessageId !== undefined;
    try {
      const request = isFork ? { until_message_id: untilMessageId } : {};
      const copy = await sessions.duplicate(session._id, request);
      tellTabs({ kind: 'sessions-changed', userId: copy.user_id });
      folders.refreshSoon();
      await open(copy._id);
      showToast({
        text: `${isFork ? 'Forked' : 'Duplicated'} “${shortTitle(session.title)}”.`,
        action: { label: 'Undo', run: () => void undoDuplicate(session, copy) },
      });
    } catch (error) {
      const failed = isFork ? 'The chat was not forked.' : 'The chat was not duplicated.';
      showToast({ text: `${failed} ${describeError(error)}`, tone: 'danger' });
    }
  }

  /** The copy goes to the trash; who still looks at it comes back to where it was made. */
  async function undoDuplicate(session: ChatSession, copy: ChatSession): Promise<void> {
    const isOpen = router.currentRoute.value.params.sessionId === copy._id;
    const removal = sessions.remove(copy._id);
    if (isOpen) await router.replace({ name: 'chat', params: { sessionId: session._id } });
    const said = { done: 'The copy is gone.', failed: 'The copy was not deleted.' };
    await attempt(copy, said, () => removal);
    folders.refreshSoon();
  }

  return { setPinned, setUnread, setTags, duplicate };
}
