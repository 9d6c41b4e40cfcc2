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

const FOR_THE_REPLY = 'Waits for the reply to end';

/** What happens to messages, for those who show them. */
export interface OutboxListener {
  delivered: (message: SentMessage, entry: OutboxEntry) => void;
  /**
   * A message waits, because a reply is being written in its session that this page may know
   * nothing of. Who finds out that it has ended calls `release`.
   */
  held: (sessionId: string) => void;
}

/**
 * Messages between Enter and the API's answer. Each is stored in the browser with its idempotency
 * key before it is sent, so neither a reload nor a retry loses or doubles it. A session's messages
 * go out one after the other, in the order they were written.
 */
export const useOutboxStore = defineStore('outbox', () => {
  const entries = ref<OutboxEntry[]>([]);
  const busySessions = new Set<string>();
  let userId: string | null = null;
  /** Whose login has expired: the page can still be written on until the login form is there. */
  let expired: string | null = null;
  let listener: OutboxListener | undefined;
  /** Sessions with a reply that was asked for and has not ended: another would be refused. */
  const replying = new Set<string>();

  const of = (sessionId: string): OutboxEntry[] =>
    entries.value.filter((entry) => entry.sessionId === sessionId);

  /** Takes up what an earlier visit left: what was on its way goes on, what failed waits. */
  function open(user: string, onNews: OutboxListener): void {
    userId = user;
    expired = null;
    listener = onNews;
    entries.value = readEntries(user);
    resume();
  }

  /**
   * Forgets the entries here; they stay stored for the same user's next login.
   *
   * @param loginExpired what is still written counts for that login too; nothing does after a logout.
   */
  function close(loginExpired: boolean): void {
    expired = loginExpired ? userId : null;
    userId = null;
    entries.value = [];
    replying.clear();
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
    if (userId === null) {
      if (expired !== null) storeEntry(expired, entry);
      return;
    }
    entries.value = [...entries.value, entry];
    storeEntry(userId, entry);
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
      send(sessionId);
    }
  }

  /** The reply of a session has ended: what waited for that is sent. */
  function release(sessionId: string): void {
    replying.delete(sessionId);
    send(sessionId);
  }

  function send(sessionId: string): void {
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
    if (first?.state !== 'sending') return undefined;
    if (!replying.has(sessionId)) return first;
    update(first.key, 'waiting', FOR_THE_REPLY);
    return undefined;
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
      if (message.reply?.status === 'streaming') replying.add(entry.sessionId);
      listener?.delivered(message, entry);
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
      replying.add(sessionId);
      update(key, 'waiting', FOR_THE_REPLY);
      listener?.held(sessionId);
    } else update(key, 'failed', describeError(error));
  }

  addEventListener('online', resume);
  addEventListener('storage', (event) => {
    // Another tab has delivered it or given it up.
    const key = userId === null ? undefined : goneKeyOf(event, userId);
    if (key !== undefined) entries.value = entries.value.filter((entry) => entry.key !== key);
  });

  /** Whether something waits for a reply to end. */
  const isHolding = (sessionId: string): boolean =>
    replying.has(sessionId) && of(sessionId).length > 0;

  return { of, isHolding, open, close, enqueue, retry, discard, resume, release };
});

/** The same for every try: a key that comes back with another body is refused. */
function requestOf({ content, parentId }: OutboxEntry): SendMessageRequest {
  return parentId === undefined
    ? { content, reply: true }
    : { content, reply: true, parent_id: parentId };
}
