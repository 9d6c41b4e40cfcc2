import type {
  ChatSession,
  DuplicateSessionRequest,
  UpdateSessionRequest,
} from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { defineStore } from 'pinia';
import { computed, shallowRef, triggerRef } from 'vue';
import { isNotFound } from '../../app/api-error.js';
import { ALL_CHATS, filterPath, isSameFilter, type SessionFilter } from './session-filter.js';
import { createListing, listSessions, type Listing } from './session-listing.js';
import { mergeRange, readAtLeast } from './session-pages.js';
import { sessionsApi } from './sessions.api.js';

export const useSessionsStore = defineStore('sessions', () => {
  /** Every session that any list, any answer or any news told of. */
  const byId = shallowRef(new Map<string, ChatSession>());
  const filter = shallowRef<SessionFilter>(ALL_CHATS);
  const listings = new Map<string, Listing>();
  /** Raised by a reset: an answer to a question of the user before is dropped. */
  let era = 0;
  let reading: Promise<void> | undefined;
  /** One for every read that is under way: what changed since, which its answer may not know. */
  const changeLogs = new Set<Set<string>>();
  /** News that came before the list did; most of it is in the list. */
  const early = new Map<string, ChatSession>();
  /** The session that was last asked for by itself: it is known as long as it exists. */
  let wanted: string | undefined;

  /** Several filters may be read from one list. */
  function listingOf(which: SessionFilter): Listing {
    const path = filterPath(which);
    const listing = listings.get(path) ?? createListing();
    listings.set(path, listing);
    return listing;
  }
  const listing = computed(() => listingOf(filter.value));
  const everything = listingOf(ALL_CHATS);
  /** What the list shows, in its order. */
  const sorted = computed(() => listSessions(byId.value, filter.value, listing.value));

  function noteChange(sessionId: string): void {
    for (const log of changeLogs) log.add(sessionId);
  }

  function put(...sessions: ChatSession[]): void {
    for (const session of sessions) {
      byId.value.set(session._id, session);
      noteChange(session._id);
    }
    triggerRef(byId);
  }

  function drop(sessionId: string): void {
    noteChange(sessionId);
    early.delete(sessionId);
    if (byId.value.delete(sessionId)) triggerRef(byId);
  }

  const wasRemovedHere = (sessionId: string): boolean => removedHere.has(sessionId);

  /**
   * Reads the list anew, as far as it was loaded before, and the list of all beside a filtered one.
   * Calls under way are shared.
   */
  function load(): Promise<void> {
    reading ??= Promise.all([
      read(ALL_CHATS),
      ...(listing.value === everything ? [] : [read(filter.value)]),
    ])
      .then(() => undefined)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  /** Shows other chats. What was read of them before is there at once, and read again. */
  function show(which: SessionFilter): void {
    if (isSameFilter(which, filter.value)) return;
    filter.value = which;
    // Before the first list, the filtered one is read together with it.
    if (everything.status !== 'idle' && listing.value !== everything) void read(which);
  }

  async function read(which: SessionFilter): Promise<void> {
    const asked = era;
    const target = listingOf(which);
    const known = target.status === 'ready' ? listSessions(byId.value, which, target).length : 0;
    const changed = new Set<string>();
    changeLogs.add(changed);
    if (target.status !== 'ready') target.status = 'loading';
    try {
      const page = await readAtLeast(which, known);
      if (asked !== era) return;
      adopt(mergeRange(byId.value, which, page, changed));
      Object.assign(target, {
        next: page.next,
        end: page.sessions.at(-1) ?? null,
        status: 'ready',
        failure: null,
      });
      takeEarly();
    } catch (error) {
      if (asked !== era) return;
      // A list that is there stays there; the next look tries again.
      if (target.status !== 'ready') target.status = 'failed';
      target.failure = error;
    } finally {
      changeLogs.delete(changed);
    }
  }

  /** Takes over what a read found. The open session may have left a list without being gone. */
  function adopt(now: Map<string, ChatSession>): void {
    const missed = wanted === undefined || now.has(wanted) ? undefined : byId.value.get(wanted);
    if (missed) now.set(missed._id, missed);
    byId.value = now;
    if (!missed) return;
    reread(missed._id).catch((error: unknown) => {
      if (isNotFound(error)) drop(missed._id);
    });
  }

  async function loadMore(): Promise<void> {
    const target = listing.value;
    if (target.next === null || target.loadingMore) return;
    const asked = era;
    target.loadingMore = true;
    target.moreFailed = false;
    try {
      const page = await sessionsApi.page(target.next);
      if (asked !== era) return;
      put(...page.sessions);
      target.next = page.next;
      target.end = page.sessions.at(-1) ?? target.end;
    } catch {
      target.moreFailed = true;
    } finally {
      target.loadingMore = false;
    }
  }

  /** Makes sure that one session is known, also where the list has not come to it yet. */
  async function ensure(sessionId: string): Promise<void> {
    wanted = sessionId;
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

  async function duplicate(sessionId: string, request: DuplicateSessionRequest = {}) {
    const session = await sessionsApi.duplicate(sessionId, request);
    put(session);
    return session;
  }

  /** A chat that was made and never used. */
  function findUnused(): ChatSession | undefined {
    return listSessions(byId.value, ALL_CHATS, everything).find(
      ({ message_count, last_message_at, title }) =>
        message_count === 0 && last_message_at === null && title === LIMITS.sessionTitle.default,
    );
  }

  /** Shows a change at once and takes it back when the API refuses. */
  async function change(sessionId: string, members: UpdateSessionRequest): Promise<void> {
    const before = byId.value.get(sessionId);
    const keys = Object.keys(members) as (keyof ChatSession)[];
    const pick = (session: ChatSession): Partial<ChatSession> =>
      Object.fromEntries(keys.map((key) => [key, session[key]]));
    patch(sessionId, members);
    try {
      const stored = await sessionsApi.update(sessionId, members);
      // Only what was asked for: something else may have changed here meanwhile.
      patch(sessionId, { ...pick(stored), updated_at: stored.updated_at });
    } catch (error) {
      if (before) patch(sessionId, pick(before));
      throw error;
    }
  }

  /** Sets what a session is answered by, or which of its branches is shown. */
  async function update(sessionId: string, members: UpdateSessionRequest): Promise<void> {
    const asked = era;
    const session = await sessionsApi.update(sessionId, members);
    if (asked === era) put(session);
  }

  /**
   * Takes over what another tab, another device or the server itself did to a session. A stream of
   * changes begins with those of the seconds before: what is known already moves nothing.
   */
  function take(session: ChatSession): void {
    if (everything.status === 'loading') {
      early.set(session._id, session);
      return;
    }
    const known = byId.value.get(session._id);
    if (known && JSON.stringify(known) === JSON.stringify(session)) return;
    put(session);
  }

  function takeEarly(): void {
    if (everything.status === 'loading') return;
    const news = [...early.values()];
    early.clear();
    news.forEach(take);
  }

  function patch(sessionId: string, members: Partial<ChatSession>): void {
    const session = byId.value.get(sessionId);
    if (session) put({ ...session, ...members });
  }

  /** Changes what is shown of many sessions at once. */
  function patchAll(
    sessionIds: readonly string[],
    of: (known: ChatSession) => Partial<ChatSession>,
  ) {
    const known = sessionIds.map((id) => byId.value.get(id)).filter((one) => one !== undefined);
    put(...known.map((session) => ({ ...session, ...of(session) })));
  }

  /** A folder's sessions are in another one, or in none. */
  function refile(from: string, to: string | null): void {
    const moved = [...byId.value.values()].filter(({ folder_id }) => folder_id === from);
    put(...moved.map((session) => ({ ...session, folder_id: to })));
    void load();
  }

  /** Deleted in this tab: the page is on its way elsewhere by itself. */
  const removedHere = new Set<string>();

  /** Takes the session off the list at once and puts it back when the API refuses. */
  async function remove(sessionId: string): Promise<void> {
    const before = byId.value.get(sessionId);
    takeOff([sessionId]);
    try {
      await sessionsApi.remove(sessionId);
    } catch (error) {
      if (before) putBack([before]);
      throw error;
    }
  }

  /** Takes sessions off every list: they are on their way to the trash. */
  function takeOff(sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) {
      drop(sessionId);
      removedHere.add(sessionId);
    }
  }

  /** They stay, or are back from the trash. */
  function putBack(sessions: readonly ChatSession[]): void {
    for (const { _id } of sessions) removedHere.delete(_id);
    put(...sessions);
  }

  async function restore(sessionId: string): Promise<void> {
    putBack([await sessionsApi.restore(sessionId)]);
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
    wanted = undefined;
    byId.value = new Map();
    early.clear();
    removedHere.clear();
    filter.value = ALL_CHATS;
    for (const one of listings.values()) Object.assign(one, createListing());
  }

  const get = (sessionId: string): ChatSession | undefined => byId.value.get(sessionId);

  return {
    sorted,
    filter,
    status: computed(() => listing.value.status),
    failure: computed(() => listing.value.failure),
    next: computed(() => listing.value.next),
    loadingMore: computed(() => listing.value.loadingMore),
    moreFailed: computed(() => listing.value.moreFailed),
    get,
    load,
    loadMore,
    show,
    ensure,
    reread,
    create,
    duplicate,
    findUnused,
    rename: (sessionId: string, title: string) => change(sessionId, { title }),
    change,
    update,
    take,
    patchAll,
    refile,
    remove,
    takeOff,
    putBack,
    restore,
    drop,
    wasRemovedHere,
    noteActivity,
    reset,
  };
});
