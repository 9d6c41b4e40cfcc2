import type { ListedMessage } from '@chat/shared-types';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildMessage } from '../../testing/builders.js';
import { answer, heldAnswer, refuse, scriptFetch } from '../../testing/scripted-fetch.js';
import { useTimelinesStore } from './timelines.store.js';

/** A session of 100 messages in pages of 10, as the API pages it. */
const PAGE = 10;
const SESSION = buildMessage(1).session_id;

function stored(): ListedMessage[] {
  return Array.from({ length: 100 }, (_, at) => buildMessage(at + 1));
}

function serve(messages: () => readonly ListedMessage[], options: { down?: () => boolean } = {}) {
  return scriptFetch(({ path }) => {
    const { searchParams } = new URL(path, 'http://localhost');
    const all = messages();
    const link = (relation: string, query: string): string =>
      `</chat/sessions/${SESSION}/messages?${query}>; rel="${relation}"`;
    if (options.down?.() === true) return refuse(503, 'unavailable');
    const around = searchParams.get('around');
    if (around !== null) {
      const at = all.findIndex(({ _id }) => _id === around);
      if (at === -1) return refuse(404, 'not-found');
      const [from, to] = [Math.max(0, at - 4), Math.min(all.length, at + 6)];
      const links = [
        ...(to < all.length ? [link('next', `order=asc&from=${to}`)] : []),
        ...(from > 0 ? [link('prev', `order=desc&from=${from - 1}`)] : []),
      ];
      return answer(all.slice(from, to), 200, { Link: links.join(', ') });
    }
    if (searchParams.get('order') === 'asc') {
      const from = Number(searchParams.get('from'));
      const to = from + PAGE;
      const links: Record<string, string> =
        to < all.length ? { Link: link('next', `order=asc&from=${to}`) } : {};
      return answer(all.slice(from, to), 200, links);
    }
    const from = Number(searchParams.get('from') ?? all.length - 1);
    const first = Math.max(0, from - PAGE + 1);
    const links: Record<string, string> =
      first > 0 ? { Link: link('next', `order=desc&from=${first - 1}`) } : {};
    return answer(all.slice(first, from + 1).reverse(), 200, links);
  });
}

const contents = (messages: readonly ListedMessage[] = []): string[] =>
  messages.map(({ content }) => content);
const named = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `Message ${from + at}`);

describe('an excerpt of a timeline', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
  });

  async function openAt(number: number) {
    const store = useTimelinesStore();
    await store.read(SESSION);
    await store.showAround(SESSION, buildMessage(number)._id);
    return { store, timeline: store.open(SESSION) };
  }

  it('is shown beside the newest messages, which stay as they are', async () => {
    serve(stored);
    const { timeline } = await openAt(50);
    expect(contents(timeline.excerpt?.messages)).toEqual(named(46, 55));
    expect(contents(timeline.messages)).toEqual(named(91, 100));
  });

  it('is none for a message that is there already', async () => {
    const seen = serve(stored);
    const { timeline } = await openAt(95);
    expect(timeline.excerpt).toBeNull();
    expect(seen).toHaveLength(1);
  });

  it('grows on both sides, and the newest messages do not', async () => {
    serve(stored);
    const { store, timeline } = await openAt(50);
    await store.readOlder(SESSION);
    await store.readNewer(SESSION);
    expect(contents(timeline.excerpt?.messages)).toEqual(named(36, 65));
    expect(contents(timeline.messages)).toEqual(named(91, 100));
  });

  it('becomes one with the newest messages where it meets them', async () => {
    serve(stored);
    const { store, timeline } = await openAt(70);
    await store.readNewer(SESSION);
    expect(timeline.excerpt).not.toBeNull();
    await store.readNewer(SESSION);
    expect(timeline.excerpt).toBeNull();
    expect(contents(timeline.messages)).toEqual(named(66, 100));
    await store.readOlder(SESSION);
    expect(contents(timeline.messages)).toEqual(named(56, 100));
  });

  it('is joined at once where it overlaps the newest messages', async () => {
    serve(stored);
    const { timeline } = await openAt(88);
    expect(timeline.excerpt).toBeNull();
    expect(contents(timeline.messages)).toEqual(named(84, 100));
  });

  it('leads back to the newest messages', async () => {
    serve(stored);
    const { store, timeline } = await openAt(50);
    store.showNewest(SESSION);
    expect(timeline.excerpt).toBeNull();
    expect(contents(timeline.messages)).toEqual(named(91, 100));
  });

  it('lets what is sent meanwhile be the newest message, and nothing of its own', async () => {
    serve(stored);
    const { store, timeline } = await openAt(50);
    store.add(buildMessage(101));
    expect(contents(timeline.excerpt?.messages)).toEqual(named(46, 55));
    expect(contents(timeline.messages)).toEqual(named(91, 101));
  });

  it('takes deletions, restorations and changes of its messages', async () => {
    serve(stored);
    const { store, timeline } = await openAt(50);
    store.update({ ...buildMessage(51), content: 'changed' });
    expect(timeline.excerpt?.messages[5]?.content).toBe('changed');
    const removed = store.remove(buildMessage(52));
    expect(contents(timeline.excerpt?.messages)).not.toContain('Message 52');
    await removed;
    store.add(buildMessage(52));
    expect(timeline.excerpt?.messages[6]?.content).toBe('Message 52');
  });

  it('holds the newest messages once a new version of one of its own is shown', async () => {
    serve(stored);
    const { store, timeline } = await openAt(50);
    store.branchOff(buildMessage(200, { content: 'another' }), buildMessage(50)._id);
    expect(timeline.excerpt).toBeNull();
    expect(contents(timeline.messages)).toEqual([...named(46, 49), 'another']);
    expect(timeline.messages.at(-1)?.siblings).toEqual([
      buildMessage(50)._id,
      buildMessage(200)._id,
    ]);
  });

  it('is read again with the newest messages, and goes with the branch', async () => {
    let now = stored();
    serve(() => now);
    const { store, timeline } = await openAt(50);
    now = now.filter(({ content }) => content !== 'Message 48');
    await store.refresh(SESSION);
    expect(contents(timeline.excerpt?.messages)).not.toContain('Message 48');
    expect(contents(timeline.excerpt?.messages)).toContain('Message 50');
    now = now.filter(({ content }) => content !== 'Message 50');
    await store.refresh(SESSION);
    expect(contents(timeline.excerpt?.messages)).toContain('Message 49');
    now = [buildMessage(300)];
    await store.refresh(SESSION);
    expect(timeline.excerpt).toBeNull();
  });

  it('says on which side more did not load, and loads it by another try', async () => {
    let down = false;
    serve(stored, { down: () => down });
    const { store, timeline } = await openAt(50);
    down = true;
    await store.readNewer(SESSION);
    expect(timeline.excerpt?.newerStatus).toBe('failed');
    expect(timeline.excerpt?.olderStatus).toBe('idle');
    down = false;
    await store.readNewer(SESSION);
    expect(contents(timeline.excerpt?.messages)).toEqual(named(46, 65));
  });

  it('drops a page of another excerpt', async () => {
    const held = heldAnswer();
    let holding = false;
    const all = stored();
    scriptFetch(({ path }) => {
      if (path.includes('order=asc') && holding) return held.promise;
      const id = /around=([0-9a-f]+)/.exec(path)?.[1];
      if (id === undefined) return answer(all.slice(90).reverse());
      const at = all.findIndex(({ _id }) => _id === id);
      const link = `</chat/sessions/${SESSION}/messages?order=asc&from=${at}>; rel="next"`;
      return answer(all.slice(at, at + 2), 200, { Link: link });
    });
    const { store, timeline } = await openAt(20);
    holding = true;
    const widening = store.readNewer(SESSION);
    await store.showAround(SESSION, buildMessage(60)._id);
    held.give(answer(all.slice(21, 31)));
    await widening;
    expect(contents(timeline.excerpt?.messages)).toEqual(named(60, 61));
    expect(timeline.excerpt?.newerStatus).toBe('idle');
  });

  it('is refused for a message that is not on the branch', async () => {
    serve(stored);
    await expect(openAt(500)).rejects.toMatchObject({ status: 404 });
  });
});
