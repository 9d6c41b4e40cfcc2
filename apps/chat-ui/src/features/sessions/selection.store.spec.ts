import { createPinia, setActivePinia } from 'pinia';
import { nextTick } from 'vue';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildSession } from '../../testing/builders.js';
import { answer, scriptFetch } from '../../testing/scripted-fetch.js';
import { useSelectionStore } from './selection.store.js';
import { useSessionsStore } from './sessions.store.js';

const listed = [5, 4, 3, 2, 1].map((number) =>
  buildSession(number, { created_at: `2026-03-10T10:00:0${number}.000Z` }),
);
const id = (number: number): string => buildSession(number)._id;
const chosen = (): string[] => useSelectionStore().chosen.map(({ title }) => title);

describe('the selection', () => {
  beforeEach(async () => {
    setActivePinia(createPinia());
    scriptFetch(() => answer(listed));
    await useSessionsStore().load();
  });

  it('extends from the last choice, and a range made anew takes the place of the one before', () => {
    const selection = useSelectionStore();
    selection.begin(id(5));
    selection.toggle(id(3));
    selection.extendTo(id(1));
    expect(chosen()).toEqual(['Chat 5', 'Chat 3', 'Chat 2', 'Chat 1']);
    selection.extendTo(id(2));
    expect(chosen()).toEqual(['Chat 5', 'Chat 3', 'Chat 2']);
    selection.extendTo(id(4));
    expect(chosen()).toEqual(['Chat 5', 'Chat 4', 'Chat 3']);
  });

  it('holds only what is still listed', () => {
    const selection = useSelectionStore();
    selection.begin();
    selection.chooseAll();
    useSessionsStore().drop(id(3));
    expect(chosen()).toEqual(['Chat 5', 'Chat 4', 'Chat 2', 'Chat 1']);
  });

  it('ends when other chats are listed', async () => {
    const selection = useSelectionStore();
    selection.begin(id(5));
    useSessionsStore().show({ kind: 'unread' });
    await nextTick();
    expect(selection.active).toBe(false);
  });
});
