import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildMessage } from '../../testing/builders.js';
import { answer, heldAnswer, noAnswer, refuse, scriptFetch } from '../../testing/scripted-fetch.js';
import { useTimelinesStore } from './timelines.store.js';

const SESSION = buildMessage(1).session_id;
const link = { Link: `</chat/sessions/${SESSION}/messages?order=desc&cursor=x>; rel="next"` };

/** A page as the API gives it: newest first. */
function page(numbers: number[], more = false): Response {
  const newestFirst = numbers.toReversed().map((number) => buildMessage(number));
  return answer(newestFirst, 200, more ? link : {});
}

function contents(): string[] {
  return useTimelinesStore()
    .open(SESSION)
    .messages.map(({ content }) => content.replace('Message ', ''));
}

describe('a timeline', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
  });

  it('is shown oldest first, and older pages come in front', async () => {
    scriptFetch(({ path }) => (path.includes('cursor') ? page([1, 2]) : page([3, 4], true)));
    const store = useTimelinesStore();
    await store.read(SESSION);
    expect(contents()).toEqual(['3', '4']);
    await store.readOlder(SESSION);
    expect(contents()).toEqual(['1', '2', '3', '4']);
    expect(store.open(SESSION).older).toBeNull();
  });

  it('is read once for a view that a read went ahead of, and anew for the next', async () => {
    const seen = scriptFetch(() => page([1]));
    const store = useTimelinesStore();
    store.readAhead(SESSION);
    await flushPromises();
    await store.readFirst(SESSION);
    expect(contents()).toEqual(['1']);
    expect(seen).toHaveLength(1);
    await store.readFirst(SESSION);
    expect(seen).toHaveLength(2);
  });

  it('agrees with what happened elsewhere: new ones come, deleted ones go', async () => {
    scriptFetch(({ path }) => (path.includes('cursor') ? page([1, 2]) : page([3, 4, 5], true)));
    const store = useTimelinesStore();
    await store.read(SESSION);
    await store.readOlder(SESSION);
    scriptFetch(() => page([3, 5, 6], true));
    await store.read(SESSION);
    expect(contents()).toEqual(['1', '2', '3', '5', '6']);
  });

  it('forgets what lies beyond a gap, so that nothing is missing in between', async () => {
    scriptFetch(() => page([1, 2], true));
    const store = useTimelinesStore();
    await store.read(SESSION);
    scriptFetch(() => page([8, 9], true));
    await store.read(SESSION);
    expect(contents()).toEqual(['8', '9']);
    expect(store.open(SESSION).older).not.toBeNull();
  });

  it('keeps a message stored while an older answer was on its way', async () => {
    const held = heldAnswer();
    scriptFetch(() => held.promise);
    const store = useTimelinesStore();
    const reading = store.read(SESSION);
    store.add(buildMessage(9));
    held.give(page([1, 2]));
    await reading;
    expect(contents()).toEqual(['1', '2', '9']);
  });

  it('shows a message once that arrives twice', () => {
    const store = useTimelinesStore();
    store.add(buildMessage(1));
    store.add(buildMessage(1));
    expect(contents()).toEqual(['1']);
  });

  it('puts a message back in its place when its deletion is refused', async () => {
    scriptFetch(() => page([1, 2, 3]));
    const store = useTimelinesStore();
    await store.read(SESSION);
    scriptFetch(noAnswer);
    const removal = store.remove(buildMessage(2));
    expect(contents()).toEqual(['1', '3']);
    await expect(removal).rejects.toThrow();
    expect(contents()).toEqual(['1', '2', '3']);
  });

  it('tells a chat that is not there from one that did not load', async () => {
    const store = useTimelinesStore();
    scriptFetch(noAnswer);
    await store.read(SESSION);
    expect(store.open(SESSION).status).toBe('failed');
    scriptFetch(() => refuse(404, 'not-found'));
    await store.read(SESSION);
    expect(store.open(SESSION).status).toBe('missing');
  });

  it('asks for the same older page again after it failed', async () => {
    scriptFetch(({ path }) => (path.includes('cursor') ? noAnswer() : page([3], true)));
    const store = useTimelinesStore();
    await store.read(SESSION);
    await store.readOlder(SESSION);
    expect(store.open(SESSION).olderStatus).toBe('failed');
    scriptFetch(() => page([1, 2]));
    await store.readOlder(SESSION);
    expect(contents()).toEqual(['1', '2', '3']);
  });

  it('shows a new version in the place of the old one and of what followed it', async () => {
    scriptFetch(() => page([1, 2, 3, 4]));
    const store = useTimelinesStore();
    await store.read(SESSION);
    const [, old] = store.open(SESSION).messages;
    store.branchOff(buildMessage(9), old!._id);
    expect(contents()).toEqual(['1', '9']);
    const version = store.open(SESSION).messages[1]!;
    expect(version.siblings).toEqual([old!._id, version._id]);
    expect(store.rowKeyOf(version)).toBe(store.rowKeyOf(old!));
  });

  it('does not let an answer on its way undo what it could not know', async () => {
    scriptFetch(() => page([1, 2]));
    const store = useTimelinesStore();
    await store.read(SESSION);
    const held = heldAnswer();
    scriptFetch(() => held.promise);
    const reading = store.read(SESSION);
    store.update(buildMessage(2, { content: 'Message 2, whole' }));
    held.give(page([1, 2]));
    await reading;
    expect(contents()).toEqual(['1', '2, whole']);
  });

  it('asks once more where something happened after the question', async () => {
    const held = heldAnswer();
    scriptFetch(() => held.promise);
    const store = useTimelinesStore();
    void store.read(SESSION);
    await flushPromises();
    const refreshed = Promise.all([store.refresh(SESSION), store.refresh(SESSION)]);
    const seen = scriptFetch(() => page([1, 2, 3]));
    held.give(page([1, 2]));
    await refreshed;
    expect(seen).toHaveLength(1);
    expect(contents()).toEqual(['1', '2', '3']);
  });
});
