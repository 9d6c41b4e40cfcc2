import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { useSessionsStore } from './sessions.store.js';

/** The chats that are selected to be changed together. */
export const useSelectionStore = defineStore('selection', () => {
  const sessions = useSessionsStore();
  const active = ref(false);
  const ids = shallowRef<ReadonlySet<string>>(new Set());
  /** Where a range begins, and what was selected before it. */
  let anchor: string | undefined;
  let base: ReadonlySet<string> = new Set();

  /** Those that are still listed, in the order of the list. */
  const chosen = computed(() =>
    active.value ? sessions.sorted.filter(({ _id }) => ids.value.has(_id)) : [],
  );

  /** @param sessionId the first that is selected. */
  function begin(sessionId?: string): void {
    active.value = true;
    ids.value = new Set();
    anchor = undefined;
    base = new Set();
    if (sessionId !== undefined) toggle(sessionId);
  }

  function leave(): void {
    active.value = false;
    ids.value = new Set();
  }

  function toggle(sessionId: string): void {
    const now = new Set(ids.value);
    if (!now.delete(sessionId)) now.add(sessionId);
    ids.value = now;
    anchor = sessionId;
    base = now;
  }

  /** Selects all from where the last choice was to here, in place of a range made just before. */
  function extendTo(sessionId: string): void {
    const order = sessions.sorted.map(({ _id }) => _id);
    const from = order.indexOf(anchor ?? sessionId);
    const to = order.indexOf(sessionId);
    if (to === -1) return;
    const [first, last] = from === -1 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    anchor ??= sessionId;
    ids.value = new Set([...base, ...order.slice(first, last + 1)]);
  }

  /** Everything that is listed so far. */
  function chooseAll(): void {
    ids.value = new Set(sessions.sorted.map(({ _id }) => _id));
    base = ids.value;
  }

  /** What failed stays selected. */
  function keepOnly(sessionIds: readonly string[]): void {
    ids.value = new Set(sessionIds);
    base = ids.value;
  }

  // Other chats are listed: what was selected cannot be seen any more.
  watch(() => sessions.filter, leave);

  return { active, ids, chosen, begin, leave, toggle, extendTo, chooseAll, keepOnly };
});
