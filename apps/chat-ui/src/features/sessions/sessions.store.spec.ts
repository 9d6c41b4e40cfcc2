import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
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
