import type { ListedMessage, Message, MessageRevision } from '@chat/shared-types';
import { describeError } from '../../app/api-error.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { messagesApi } from './messages.api.js';
import { isMine, withReaction } from './reactions.js';
import { useTimelinesStore } from './timelines.store.js';

/** What a person can change about a message in its place, with what they hear of it. */
export function useMessageChanges() {
  const timelines = useTimelinesStore();
  /** Reactions under way, by message: the answer to the last of them counts. */
  const reacting = new Map<string, number>();

  /**
   * Gives a message another text.
   *
   * @param done is said where it worked, and the text before is offered again.
   */
  async function replaceText(
    before: Message,
    done: string,
    change: () => Promise<Message>,
  ): Promise<boolean> {
    try {
      const stored = await change();
      timelines.update(stored);
      showToast({
        text: done,
        action: { label: 'Undo', run: () => void undo(stored, before.content) },
      });
      return true;
    } catch (error) {
      showToast({ text: `The text was not changed. ${describeError(error)}`, tone: 'danger' });
      return false;
    }
  }

  async function undo(message: Message, content: string): Promise<void> {
    try {
      timelines.update(await messagesApi.edit(message, content));
      announce('The text is as it was before.');
    } catch (error) {
      showToast({ text: `The text was not changed. ${describeError(error)}`, tone: 'danger' });
    }
  }

  /** @returns whether it was saved; the text that was written stays where it is otherwise. */
  function saveText(message: Message, content: string): Promise<boolean> {
    if (content === message.content) return Promise.resolve(true);
    return replaceText(message, 'Text changed.', () => messagesApi.edit(message, content));
  }

  /** @returns whether the message has the text of the revision now. */
  function restoreRevision(message: Message, revision: MessageRevision): Promise<boolean> {
    const done = `Version ${revision.revision} restored.`;
    return replaceText(message, done, () => messagesApi.restoreRevision(message, revision));
  }

  /** Adds the own emoji or takes it back: at once, and back again where the API refuses. */
  async function toggleReaction(message: ListedMessage, emoji: string): Promise<void> {
    const wanted = !isMine(message.reactions, emoji);
    const reactions = withReaction(message.reactions, emoji, wanted);
    timelines.update({ ...message, reactions });
    const underWay = (reacting.get(message._id) ?? 0) + 1;
    reacting.set(message._id, underWay);
    try {
      const stored = await messagesApi.react(message, emoji, wanted);
      if (reacting.get(message._id) === underWay) timelines.update(stored);
    } catch (error) {
      timelines.update({ ...message, reactions: withReaction(reactions, emoji, !wanted) });
      void timelines.refresh(message.session_id);
      showToast({
        text: `The reaction was not ${wanted ? 'added' : 'taken back'}. ${describeError(error)}`,
        tone: 'danger',
      });
    }
  }

  return { saveText, restoreRevision, toggleReaction };
}

export type MessageChanges = ReturnType<typeof useMessageChanges>;
