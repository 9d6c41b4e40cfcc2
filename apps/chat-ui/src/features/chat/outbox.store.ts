import type { SendMessageRequest, SentMessage } from '@chat/shared-types';
import { defineStore } from 'pinia';
import { ref } from 'vue';
import { ApiError, describeError, UnreachableError } from '../../app/api-error.js';
import { newIdempotencyKey } from './idempotency-key.js';
import { messagesApi } from './messages.api.js';
import {
  forgetEntry,
  goneKeyOf,
  readEntries,
  storeEntry,
  type OutboxEntry,
} from './outbox-storage.js';

/** A message that waits for a reply asks again after this long, whatever was heard meanwhile. */
const ASK_AGAIN_MS = 2_000;

type Delivered = (message: SentMessage, entry: OutboxEntry) => void;

/**
 * Messages between Enter and the API's answer. Each is stored in the browser with its idempotency
 * key before it is sent, so neither a reload nor a retry loses or doubles it. A session's messages
 * go out one after the other, in the order they were written.
 */
export const useOutboxStore = defineStore('outbox', () => {
  const entries = ref<OutboxEntry[]>([]);
  const busySessions = new Set<string>();
  let userId: string | null = null;
  let delivered: Delivered = () => undefined;

  const of = (sessionId: string): OutboxEntry[] =>
    entries.value.filter((entry) => entry.sessionId === sessionId);

  /** Takes up what an earlier visit left: what was on its way goes on, what failed waits. */
  function open(user: string, onDelivered: Delivered): void {
    userId = user;
    delivered = onDelivered;
    entries.value = readEntries(user);
    resume();
  }

  /** Forgets the entries here; they stay stored for the same user's next login. */
  function close(): void {
    userId = null;
    entries.value = [];
  }

  /**
   * Shows the message as sending and sends it; never throws.
   *
   * @param place where in the tree it goes; the end of the branch that is shown when absent.
   */
  function enqueue(
    sessionId: string,
    content: string,
    place: Pick<OutboxEntry, 'parentId' | 'replaces'> = {},
  ): void {
    const entry: OutboxEntry = {
      key: newIdempotencyKey(),
      sessionId,
      content,
      ...place,
      queuedAt: new Date().toISOString(),
      state: navigator.onLine ? 'sending' : 'waiting',
    };
    entries.value = [...entries.value, entry];
    if (userId !== null) storeEntry(userId, entry);
    void drain(sessionId);
  }

  function update(key: string, state: OutboxEntry['state'], reason?: string): void {
    entries.value = entries.value.map((entry) => {
      if (entry.key !== key) return entry;
      const changed: OutboxEntry = { ...entry, state, reason };
      if (userId !== null) storeEntry(userId, changed);
      return changed;
    });
  }

  /** Tries a failed message again, under the key it had. */
  function retry({ key, sessionId }: OutboxEntry): void {
    update(key, navigator.onLine ? 'sending' : 'waiting');
    void drain(sessionId);
  }

  /** Gives a message up. */
  function discard(key: string): void {
    entries.value = entries.value.filter((entry) => entry.key !== key);
    if (userId !== null) forgetEntry(userId, key);
  }

  /** Sends what waited for the network or for a login. */
  function resume(): void {
    for (const sessionId of new Set(entries.value.map((entry) => entry.sessionId))) {
      release(sessionId);
    }
  }

  /** Sends what waited in a session for its reply to end. */
  function release(sessionId: string): void {
    if (!navigator.onLine) return;
    for (const { key, state } of of(sessionId)) {
      if (state === 'waiting') update(key, 'sending');
    }
    void drain(sessionId);
  }

  async function drain(sessionId: string): Promise<void> {
    if (busySessions.has(sessionId)) return;
    busySessions.add(sessionId);
    try {
      let entry = nextOf(sessionId);
      while (entry) {
        await deliver(entry);
        entry = nextOf(sessionId);
      }
    } finally {
      busySessions.delete(sessionId);
    }
  }

  /** The order is kept: behind one that waits, everything waits. */
  function nextOf(sessionId: string): OutboxEntry | undefined {
    const first = of(sessionId).find(({ state }) => state !== 'failed');
    return first?.state === 'sending' ? first : undefined;
  }

  async function deliver(entry: OutboxEntry): Promise<void> {
    const sender = userId;
    try {
      const message = await messagesApi.send(entry.sessionId, requestOf(entry), entry.key);
      if (sender !== userId) {
        // Its user has left meanwhile: the stored copy must not be sent again at the next login.
        if (sender !== null) forgetEntry(sender, entry.key);
        return;
      }
      discard(entry.key);
      delivered(message, entry);
    } catch (error) {
      if (sender === userId) takeFailure(entry, error);
    }
  }

  function takeFailure({ key, sessionId }: OutboxEntry, error: unknown): void {
    const offline = error instanceof UnreachableError && !navigator.onLine;
    const loginEnded = error instanceof ApiError && error.status === 401;
    const replyRunning = error instanceof ApiError && error.code === 'reply-running';
    if (offline || loginEnded) update(key, 'waiting');
    else if (replyRunning) {
      update(key, 'waiting', 'Waits for the reply to end');
      // Its end may have been heard before this refusal was.
      setTimeout(() => release(sessionId), ASK_AGAIN_MS);
    } else update(key, 'failed', describeError(error));
  }

  addEventListener('online', resume);
  addEventListener('storage', (event) => {
    // Another tab has delivered it or given it up.
    const key = userId === null ? undefined : goneKeyOf(event, userId);
    if (key !== undefined) entries.value = entries.value.filter((entry) => entry.key !== key);
  });

  return { of, open, close, enqueue, retry, discard, resume, release };
});

/** The same for every try: a key that comes back with another body is refused. */
function requestOf({ content, parentId }: OutboxEntry): SendMessageRequest {
  return parentId === undefined
    ? { content, reply: true }
    : { content, reply: true, parent_id: parentId };
}
