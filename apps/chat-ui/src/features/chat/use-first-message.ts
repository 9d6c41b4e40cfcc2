import { ref, type Ref } from 'vue';
import { useRouter } from 'vue-router';
import { describeError } from '../../app/api-error.js';
import { tellTabs } from '../../app/tab-channel.js';
import { useSessionsStore } from '../sessions/index.js';
import { useOutboxStore } from './outbox.store.js';
import { writeDraft } from './use-draft.js';

/**
 * Sending without a chat: the chat is made first, then the message goes into it.
 *
 * @param model who is to answer in the new chat; null for the server's default.
 */
export function useFirstMessage(draft: Ref<string>, model: Ref<string | null>) {
  const sessions = useSessionsStore();
  const outbox = useOutboxStore();
  const router = useRouter();
  /** What was just sent; it shows as a bubble while the chat is being made. */
  const sending = ref<string | null>(null);
  const failure = ref('');

  async function send(content: string): Promise<void> {
    if (sending.value !== null) return;
    sending.value = content;
    failure.value = '';
    try {
      const session = await sessions.create();
      if (model.value !== null) await sessions.update(session._id, { model: model.value });
      tellTabs({ kind: 'sessions-changed', userId: session.user_id });
      outbox.enqueue(session._id, content);
      // What was typed meanwhile belongs to the new chat.
      writeDraft(session.user_id, session._id, draft.value);
      draft.value = '';
      await router.replace({ name: 'chat', params: { sessionId: session._id } });
    } catch (error) {
      failure.value = `Not sent. ${describeError(error)}`;
      draft.value = draft.value === '' ? content : `${content}\n${draft.value}`;
      sending.value = null;
    }
  }

  return { sending, failure, send };
}
