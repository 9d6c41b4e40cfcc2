import { describeError } from '../../app/api-error.js';
import { tellTabs } from '../../app/tab-channel.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { useSessionsStore } from './sessions.store.js';

/** Renaming with everything a person should hear of it. */
export function useSessionRename() {
  const sessions = useSessionsStore();

  /** Blank and unchanged titles change nothing. */
  async function rename(sessionId: string, wanted: string): Promise<void> {
    const title = wanted.trim();
    const session = sessions.get(sessionId);
    if (!session || title === '' || title === session.title) return;
    try {
      await sessions.rename(sessionId, title);
      tellTabs({ kind: 'sessions-changed', userId: session.user_id });
      announce(`Renamed to ${title}.`);
    } catch (error) {
      showToast({ text: `The title was not saved. ${describeError(error)}`, tone: 'danger' });
    }
  }

  return { rename };
}
