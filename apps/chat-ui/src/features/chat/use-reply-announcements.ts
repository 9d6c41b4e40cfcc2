import type { Message } from '@chat/shared-types';
import { watch } from 'vue';
import { announce } from '../../composables/use-announcer.js';

/**
 * Tells those who do not see the page of the newest reply: that it is coming, then all of it, once.
 * Never a word of it while it is being written.
 *
 * @param newest the last message of the branch that is shown.
 * @param isRunning whether a reply is still being written.
 */
export function useReplyAnnouncements(
  newest: () => Message | undefined,
  isRunning: (message: Message) => boolean,
): void {
  /** When the newest message was made that was ever shown here; what is older is not news. */
  let latest: string | undefined;
  let awaited: string | undefined;

  function take(message: Message | undefined): void {
    const first = latest === undefined;
    if (!message) {
      latest ??= '';
      return;
    }
    const isNews = !first && message.created_at > (latest ?? '');
    if (first || isNews) latest = message.created_at;
    if (message.role !== 'assistant') return;
    if (isRunning(message)) {
      if (awaited !== message._id) announce('A reply is coming.');
      awaited = message._id;
    } else if (isNews || awaited === message._id) {
      awaited = undefined;
      announce(wordsFor(message));
    }
  }

  watch(
    () => {
      const message = newest();
      // What changes while it is being written is not looked at.
      return [message?._id, message && isRunning(message), message?.status] as const;
    },
    () => take(newest()),
    { flush: 'post' },
  );
}

function wordsFor({ status, content, error }: Message): string {
  const reply = content === '' ? '' : ` Assistant: ${content}`;
  switch (status) {
    case 'stopped':
      return `Reply stopped.${reply}`;
    case 'failed':
      return `The reply failed. ${error?.detail ?? ''}${reply}`;
    case 'interrupted':
      return `The reply was interrupted.${reply}`;
    case 'complete':
    case 'streaming':
      return reply.trim();
  }
}
