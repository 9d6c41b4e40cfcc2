import type { Message } from '@chat/shared-types';
import { HEADERS } from '@chat/shared-types';
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { buildReply } from '../../testing/builders.js';
import {
  answer,
  heldAnswer,
  noAnswer,
  refuse,
  scriptFetch,
  scriptStream,
  type ScriptedStream,
  type SeenRequest,
} from '../../testing/scripted-fetch.js';
import { useRepliesStore } from './replies.store.js';
import { useTimelinesStore } from './timelines.store.js';

const reply = buildReply(2);
const SESSION = reply.session_id;
const ended = (members: Partial<Message> = {}): Message =>
  buildReply(2, { content: 'Hello', status: 'complete', finish_reason: 'stop', ...members });

let stream: ScriptedStream;

function shown(): Message | undefined {
  return useTimelinesStore().open(SESSION).messages.at(-1);
}

/** A session whose last message is a running reply that is being read. */
function attend(script?: (request: SeenRequest) => Response | Promise<Response>): SeenRequest[] {
  const seen = scriptFetch(script ?? (() => stream.response));
  useTimelinesStore().add(reply);
  useRepliesStore().attend(SESSION, [reply]);
  return seen;
}

describe('a reply', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
    stream = scriptStream();
    // One frame after every event would be a real clock; this one ticks when it is told to.
    vi.stubGlobal('requestAnimationFrame', (show: () => void) => {
      queueMicrotask(show);
      return 1;
    });
  });

  it('grows with its stream and is the stored message at its end', async () => {
    attend();
    const replies = useRepliesStore();
    await flushPromises();
    stream.send('reasoning', { text: 'Hm.' }, 'a');
    stream.send('delta', { text: 'Hel' }, 'b');
    await vi.waitFor(() => {
      expect(replies.liveOf(reply._id)).toMatchObject({ content: 'Hel', reasoning: 'Hm.' });
    });
    stream.send('delta', { text: 'lo' }, 'c');
    stream.send('done', { message: ended() }, 'd');
    await vi.waitFor(() => {
      expect(shown()).toMatchObject({ content: 'Hello', status: 'complete' });
    });
    expect(replies.liveOf(reply._id)).toBeUndefined();
  });

  it('ends as the server says why it failed', async () => {
    attend();
    const failed = ended({ status: 'failed', content: '' });
    await flushPromises();
    stream.send('error', { problem: {}, message: failed }, 'a');
    await vi.waitFor(() => {
      expect(shown()?.status).toBe('failed');
    });
  });

  it('is taken over once a frame, however many events come', async () => {
    const frames: (() => void)[] = [];
    vi.stubGlobal('requestAnimationFrame', (show: () => void) => frames.push(show));
    attend();
    await flushPromises();
    for (const text of 'abc') stream.send('delta', { text }, text);
    await flushPromises();
    await vi.waitFor(() => {
      expect(frames).toHaveLength(1);
    });
    frames[0]?.();
    expect(useRepliesStore().liveOf(reply._id)?.content).toBe('abc');
  });

  it('is read by one connection, however often it is asked for', async () => {
    const seen = attend();
    useRepliesStore().attend(SESSION, [reply]);
    await flushPromises();
    expect(seen).toHaveLength(1);
  });

  it('keeps what was read when its session leaves the screen, and lets the connection go', async () => {
    const seen = attend();
    const replies = useRepliesStore();
    await flushPromises();
    stream.send('delta', { text: 'Hel' }, 'a');
    await vi.waitFor(() => {
      expect(replies.liveOf(reply._id)?.content).toBe('Hel');
    });
    replies.leaveSession(SESSION);
    expect(seen[0]?.signal?.aborted).toBe(true);
    expect(shown()).toMatchObject({ content: 'Hel', status: 'streaming' });
  });

  it('shows what was there until a new start has reached it', async () => {
    const again = scriptStream();
    attend(({ headers }) => {
      if (headers.get(HEADERS.lastEventId) !== null) return refuse(400, 'invalid-request');
      return stream.response.bodyUsed ? again.response : stream.response;
    });
    const replies = useRepliesStore();
    await flushPromises();
    stream.send('delta', { text: 'Hello' }, 'a');
    await vi.waitFor(() => {
      expect(replies.liveOf(reply._id)?.content).toBe('Hello');
    });
    stream.breakOff();
    again.send('delta', { text: 'He' }, 'x');
    again.send('delta', { text: 'llo world' }, 'y');
    await vi.waitFor(() => {
      expect(replies.liveOf(reply._id)?.content).toBe('Hello world');
    });
  });

  it('is over at once for the person who stops it', async () => {
    const held = heldAnswer();
    attend(({ method }) => (method === 'POST' ? held.promise : stream.response));
    const replies = useRepliesStore();
    await flushPromises();
    const stopping = replies.stop(reply);
    expect(replies.isRunning(shown()!)).toBe(false);
    held.give(answer(ended({ status: 'stopped', content: 'Hel' })));
    await stopping;
    expect(shown()).toMatchObject({ status: 'stopped', content: 'Hel' });
  });

  it('goes on where the stop was not heard', async () => {
    attend(({ method }) => (method === 'POST' ? noAnswer() : stream.response));
    const replies = useRepliesStore();
    await flushPromises();
    await expect(replies.stop(reply)).rejects.toThrow();
    expect(replies.isRunning(shown()!)).toBe(true);
  });

  it('leaves its place to another version', async () => {
    const version = buildReply(3);
    scriptFetch(() => answer(version, 201));
    useTimelinesStore().add(ended());
    await useRepliesStore().regenerate(ended());
    expect(shown()).toMatchObject({ _id: version._id, siblings: [reply._id, version._id] });
  });
});
