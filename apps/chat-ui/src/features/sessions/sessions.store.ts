import type { ChatSession, UpdateSessionRequest } from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, triggerRef } from 'vue';
import { byActivity, lastActivity } from './session-order.js';
import { mergeRange, readAtLeast } from './session-pages.js';
import { sessionsApi } from './sessions.api.js';

export type ListStatus = 'idle' | 'loading' | 'ready' | 'failed';

export const useSessionsStore = defineStore('sessions', () => {
  const byId = shallowRef(new Map<string, ChatSession>());
  const status = ref<ListStatus>('idle');
  const failure = shallowRef<unknown>(null);
  const next = ref<string | null>(null);
  const loadingMore = ref(false);
  const moreFailed = ref(false);
  /** Raised by a reset: an answer to a question of the user before is dropped. */
  let era = 0;
  let reading: Promise<void> | undefined;
  /** What changed here since the last read began: its answer may be older than the change. */
  const changed = new Set<string>();
  /** News that came before the list did; most of it is in the list. */
  const early = new Map<string, ChatSession>();

  const sorted = computed(() => [...byId.value.values()].sort(byActivity));

  function put(...sessions: ChatSession[]): void {
    for (const session of sessions) {
      byId.value.set(session._id, session);
      changed.add(session._id);
    }
    triggerRef(byId);
  }

  function drop(sessionId: string): void {
    changed.add(sessionId);
    early.delete(sessionId);
    if (byId.value.delete(sessionId)) triggerRef(byId);
  }

  const wasRemovedHere = (sessionId: string): boolean => removedHere.has(sessionId);

  /** Reads the list anew, as far as it was loaded before. Calls under way are shared. */
  function load(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function read(): Promise<void> {
    const asked = era;
    const known = byId.value.size;
    changed.clear();
    if (status.value !== 'ready') status.value = 'loading';
    try {
      const page = await readAtLeast(known);
      if (asked !== era) return;
      byId.value = mergeRange(byId.value, page, changed);
      next.value = page.next;
      status.value = 'ready';
      failure.value = null;
      takeEarly();
    } catch (error) {
      if (asked !== era) return;
      // A list that is there stays there; the next look tries again.
      if (status.value !== 'ready') status.value = 'failed';
      failure.value = error;
    }
  }

  async function loadMore(): Promise<void> {
    if (next.value === null || loadingMore.value) return;
    const asked = era;
    loadingMore.value = true;
    moreFailed.value = false;
    try {
      const page = await sessionsApi.page(next.value);
      if (asked !== era) return;
      put(...page.sessions);
      next.value = page.next;
    } catch {
      moreFailed.value = true;
    } finally {
      loadingMore.value = false;
    }
  }

  /** Makes sure that one session is known, also where the list has not come to it yet. */
  async function ensure(sessionId: string): Promise<void> {
    await reading;
    if (!byId.value.has(sessionId)) await reread(sessionId);
  }

  /** Asks for one session anew. */
  async function reread(sessionId: string): Promise<void> {
    const asked = era;
    const session = await sessionsApi.get(sessionId);
    if (asked === era) put(session);
  }

  async function create(title?: string): Promise<ChatSession> {
    const session = await sessionsApi.create(title === undefined ? {} : { title });
    put(session);
    return session;
  }

  /** A chat that was made and never used. */
  function findUnused(): ChatSession | undefined {
    return sorted.value.find(
      ({ message_count, last_message_at, title }) =>
        message_count === 0 && last_message_at === null && title === LIMITS.sessionTitle.default,
    );
  }

  /** Shows the new title at once and takes it back when the API refuses. */
  async function rename(sessionId: string, title: string): Promise<void> {
    const before = byId.value.get(sessionId);
    if (!before) return;
    put({ ...before, title });
    try {
      const { title: stored, updated_at } = await sessionsApi.update(sessionId, { title });
      patch(sessionId, { title: stored, updated_at });
    } catch (error) {
      patch(sessionId, { title: before.title });
      throw error;
    }
  }

  /** Sets what a session is answered by, or which of its branches is shown. */
  async function update(sessionId: string, change: UpdateSessionRequest): Promise<void> {
    const asked = era;
    const session = await sessionsApi.update(sessionId, change);
    if (asked === era) put(session);
  }

  /**
   * Takes over what another tab, another device or the server itself did to a session. A stream of
   * changes begins with those of the seconds before: what is known already moves nothing.
   */
  function take(session: ChatSession): void {
    if (status.value === 'loading') {
      early.set(session._id, session);
      return;
    }
    const known = byId.value.get(session._id);
    if (known ? JSON.stringify(known) === JSON.stringify(session) : isBeyond(session)) return;
    put(session);
  }

  function takeEarly(): void {
    const news = [...early.values()];
    early.clear();
    news.forEach(take);
  }

  /** Whether the list has not come to it yet; it will be on one of the pages that follow. */
  function isBeyond(session: ChatSession): boolean {
    const oldest = sorted.value.at(-1);
    if (next.value === null || oldest === undefined) return false;
    return lastActivity(session) < lastActivity(oldest);
  }

  function patch(sessionId: string, change: Partial<ChatSession>): void {
    const session = byId.value.get(sessionId);
    if (session) put({ ...session, ...change });
  }

  /** Deleted in this tab: the page is on its way elsewhere by itself. */
  const removedHere = new Set<string>();

  /** Takes the session off the list at once and puts it back when the API refuses. */
  async function remove(sessionId: string): Promise<void> {
    const before = byId.value.get(sessionId);
    drop(sessionId);
    removedHere.add(sessionId);
    try {
      await sessionsApi.remove(sessionId);
    } catch (error) {
      removedHere.delete(sessionId);
      if (before) put(before);
      throw error;
    }
  }

  async function restore(sessionId: string): Promise<void> {
    put(await sessionsApi.restore(sessionId));
    removedHere.delete(sessionId);
  }

  /** A message was stored or deleted: the count follows, and a newer time lifts the session. */
  function noteActivity(sessionId: string, countChange: number, at?: string): void {
    const session = byId.value.get(sessionId);
    if (!session) return;
    const last = session.last_message_at;
    patch(sessionId, {
      message_count: Math.max(0, session.message_count + countChange),
      last_message_at: at !== undefined && (last === null || at > last) ? at : last,
    });
  }

  function reset(): void {
    era += 1;
    reading = undefined;
    byId.value = new Map();
    early.clear();
    status.value = 'idle';
    failure.value = null;
    next.value = null;
    loadingMore.value = false;
    moreFailed.value = false;
  }

  const get = (sessionId: string): ChatSession | undefined => byId.value.get(sessionId);

  return {
    sorted,
    status,
    failure,
    next,
    loadingMore,
    moreFailed,
    get,
    load,
    loadMore,
    ensure,
    reread,
    create,
    findUnused,
    rename,
    update,
    take,
    remove,
    restore,
    drop,
    wasRemovedHere,
    noteActivity,
    reset,
  };
});
