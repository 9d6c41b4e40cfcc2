import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { buildFolder } from '../../testing/builders.js';
import { answer, heldAnswer, refuse, scriptFetch } from '../../testing/scripted-fetch.js';
import { useFoldersStore } from './folders.store.js';

const first = buildFolder(1, { position: 0 });
const second = buildFolder(2, { position: 1 });
const order = (): string[] =>
  useFoldersStore()
    .forest.rows(() => true)
    .map(({ folder }) => folder.name);

describe('the list of folders', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
  });

  it('is read to its last page', async () => {
    const link = { Link: '</chat/folders?limit=100&cursor=x>; rel="next"' };
    scriptFetch(({ path }) =>
      path.includes('cursor') ? answer([second]) : answer([first], 200, link),
    );
    await useFoldersStore().load();
    expect(order()).toEqual(['Folder 1', 'Folder 2']);
  });

  it('shows a move at once and takes it back when it is refused', async () => {
    scriptFetch(() => answer([first, second]));
    const store = useFoldersStore();
    await store.load();
    const held = heldAnswer();
    scriptFetch(() => held.promise);
    const moving = store.move(second._id, { parentId: null, position: 0 });
    expect(order()).toEqual(['Folder 2', 'Folder 1']);
    held.give(refuse(503, 'unavailable'));
    await expect(moving).rejects.toThrow();
    expect(order()).toEqual(['Folder 1', 'Folder 2']);
    store.reset();
  });

  it('leaves out an answer that is older than a change made here', async () => {
    vi.useFakeTimers();
    scriptFetch(() => answer([first, second]));
    const store = useFoldersStore();
    await store.load();
    const held = heldAnswer();
    const renamed = { ...first, name: 'Renamed' };
    scriptFetch(({ method }) => (method === 'GET' ? held.promise : answer(renamed)));
    const reading = store.load();
    await store.change(first._id, { name: 'Renamed' });
    held.give(answer([first, second]));
    await reading;
    expect(order()[0]).toBe('Renamed');
    const seen = scriptFetch(() => answer([renamed]));
    await vi.advanceTimersByTimeAsync(1_000);
    vi.useRealTimers();
    await flushPromises();
    expect(seen).toHaveLength(1);
    expect(order()).toEqual(['Renamed']);
  });

  it('drops an answer meant for the user before', async () => {
    const held = heldAnswer();
    scriptFetch(() => held.promise);
    const store = useFoldersStore();
    const loading = store.load();
    store.reset();
    held.give(answer([first]));
    await loading;
    expect(order()).toEqual([]);
  });
});
