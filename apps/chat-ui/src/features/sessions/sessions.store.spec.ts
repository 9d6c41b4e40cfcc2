import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { buildSession } from '../../testing/builders.js';
import { answer, heldAnswer, noAnswer, refuse, scriptFetch } from '../../testing/scripted-fetch.js';
import { useSessionsStore } from './sessions.store.js';

const older = buildSession(1, { last_message_at: '2026-03-09T10:00:00.000Z' });
const newer = buildSession(2, { last_message_at: '2026-03-10T10:00:00.000Z' });
const titles = (): string[] => useSessionsStore().sorted.map(({ title }) => title);

describe('the list of sessions', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
  });

  it('lifts a session when something is written in it', async () => {
    scriptFetch(() => answer([newer, older]));
    const store = useSessionsStore();
    await store.load();
    store.noteActivity(older._id, 1, '2026-03-11T10:00:00.000Z');
    expect(titles()).toEqual(['Chat 1', 'Chat 2']);
    expect(store.get(older._id)?.message_count).toBe(1);
  });

  it('shows a new title at once and takes it back when it is refused', async () => {
    scriptFetch(() => answer([newer, older]));
    const store = useSessionsStore();
    await store.load();
    const held = heldAnswer();
    scriptFetch(() => held.promise);
    const renaming = store.rename(newer._id, 'Better');
    expect(titles()[0]).toBe('Better');
    held.give(refuse(503, 'unavailable'));
    await expect(renaming).rejects.toThrow();
    expect(titles()[0]).toBe('Chat 2');
  });

  it('puts a session back when its deletion is refused', async () => {
    scriptFetch(() => answer([newer, older]));
    const store = useSessionsStore();
    await store.load();
    scriptFetch(noAnswer);
    const removal = store.remove(newer._id);
    expect(titles()).toEqual(['Chat 1']);
    await expect(removal).rejects.toThrow();
    expect(titles()).toEqual(['Chat 2', 'Chat 1']);
  });

  it('keeps a session made while an older list was on its way', async () => {
    const held = heldAnswer();
    const made = buildSession(3, { title: 'Made', created_at: '2026-03-12T10:00:00.000Z' });
    scriptFetch(({ method }) => (method === 'GET' ? held.promise : answer(made, 201)));
    const store = useSessionsStore();
    const loading = store.load();
    await store.create();
    held.give(answer([newer, older]));
    await loading;
    expect(titles()).toEqual(['Made', 'Chat 2', 'Chat 1']);
  });

  it('drops what was deleted elsewhere, and not what lies beyond the pages read', async () => {
    const link = { Link: '</chat/sessions?limit=50&cursor=x>; rel="next"' };
    scriptFetch(({ path }) =>
      path.includes('cursor') ? answer([older]) : answer([newer], 200, link),
    );
    const store = useSessionsStore();
    await store.load();
    await store.loadMore();
    expect(titles()).toEqual(['Chat 2', 'Chat 1']);
    scriptFetch(() => answer([older]));
    await store.load();
    expect(titles()).toEqual(['Chat 1']);
  });

  it('takes news from elsewhere, of the sessions that the list has come to', async () => {
    const link = { Link: '</chat/sessions?limit=50&cursor=x>; rel="next"' };
    scriptFetch(() => answer([newer], 200, link));
    const store = useSessionsStore();
    const loading = store.load();
    store.take({ ...newer, title: 'Said early' });
    await loading;
    expect(titles()).toEqual(['Said early']);
    store.take(older);
    expect(titles()).toEqual(['Said early']);
    store.take({ ...older, last_message_at: '2026-03-11T10:00:00.000Z' });
    expect(titles()).toEqual(['Chat 1', 'Said early']);
  });

  it('leaves the list as it is for news that says nothing new', async () => {
    scriptFetch(() => answer([newer, older]));
    const store = useSessionsStore();
    await store.load();
    const before = store.sorted;
    store.take({ ...newer });
    expect(store.sorted).toBe(before);
  });

  it('reads a filtered list beside the list of all, and keeps what was read of each', async () => {
    const pinned = buildSession(3, { pinned: true, created_at: '2026-01-01T10:00:00.000Z' });
    const link = { Link: '</chat/sessions?view=sidebar&limit=50&cursor=x>; rel="next"' };
    const seen = scriptFetch(({ path }) =>
      path.includes('pinned=true') ? answer([pinned]) : answer([pinned, newer], 200, link),
    );
    const store = useSessionsStore();
    await store.load();
    store.show({ kind: 'pinned' });
    await vi.waitFor(() => {
      expect(store.status).toBe('ready');
    });
    expect(titles()).toEqual(['Chat 3']);
    store.show({ kind: 'all' });
    expect(titles()).toEqual(['Chat 3', 'Chat 2']);
    expect(seen).toHaveLength(2);
  });

  it('takes a chat that is archived off the list of all, and finds it among the archived', async () => {
    scriptFetch(({ path }) => answer(path.includes('archived') ? [] : [newer, older]));
    const store = useSessionsStore();
    await store.load();
    store.take({ ...older, archived: true });
    expect(titles()).toEqual(['Chat 2']);
    store.show({ kind: 'archived' });
    expect(titles()).toEqual(['Chat 1']);
  });

  it('keeps the chat that was asked for when a read of the list misses it', async () => {
    scriptFetch(() => answer([newer, older]));
    const store = useSessionsStore();
    await store.load();
    await store.ensure(older._id);
    const archived = { ...older, archived: true };
    scriptFetch(({ path }) => answer(path.endsWith(older._id) ? archived : [newer]));
    await store.load();
    expect(store.get(older._id)).toBeDefined();
    await vi.waitFor(() => {
      expect(store.get(older._id)?.archived).toBe(true);
    });
    expect(titles()).toEqual(['Chat 2']);
  });

  it('takes back only what was refused of a change', async () => {
    scriptFetch(() => answer([newer, older]));
    const store = useSessionsStore();
    await store.load();
    const held = heldAnswer();
    scriptFetch(() => held.promise);
    const pinning = store.change(older._id, { pinned: true });
    expect(titles()).toEqual(['Chat 1', 'Chat 2']);
    store.noteActivity(older._id, 2);
    held.give(refuse(503, 'unavailable'));
    await expect(pinning).rejects.toThrow();
    expect(store.get(older._id)).toMatchObject({ pinned: false, message_count: 2 });
  });

  it('drops an answer meant for the user before', async () => {
    const held = heldAnswer();
    scriptFetch(() => held.promise);
    const store = useSessionsStore();
    const loading = store.load();
    store.reset();
    held.give(answer([newer]));
    await loading;
    expect(titles()).toEqual([]);
    expect(store.status).toBe('idle');
  });

  it('says that the first read failed, and keeps the list when a later one does', async () => {
    scriptFetch(noAnswer);
    const store = useSessionsStore();
    await store.load();
    expect(store.status).toBe('failed');
    scriptFetch(() => answer([newer]));
    await store.load();
    scriptFetch(noAnswer);
    await store.load();
    expect(store.status).toBe('ready');
    expect(titles()).toEqual(['Chat 2']);
  });
});
