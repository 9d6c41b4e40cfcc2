import { HEADERS } from '@chat/shared-types';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  answer,
  noAnswer,
  refuse,
  scriptFetch,
  scriptStream,
  type Answer,
} from '../testing/scripted-fetch.js';
import { followEvents, type StreamReader } from './event-stream.js';

interface Following {
  texts: unknown[];
  ended: Promise<void>;
  leave: () => void;
}

/** Reads until an event named `done`. */
function follow(reader: Partial<StreamReader> = {}): Following {
  const leaving = new AbortController();
  const texts: unknown[] = [];
  const ended = followEvents({
    path: '/stream',
    signal: leaving.signal,
    onEvent: ({ name, data }) => {
      texts.push(data);
      return name === 'done';
    },
    ...reader,
  });
  return { texts, ended, leave: () => leaving.abort() };
}

/** Answers each request with the next of these. */
function inOrder(...answers: (() => Answer)[]): () => Answer {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)]!();
}

const positions = (seen: { headers: Headers }[]): (string | null)[] =>
  seen.map(({ headers }) => headers.get(HEADERS.lastEventId));

describe('followEvents', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('goes on after the last event it has read when the connection breaks', async () => {
    const [first, second] = [scriptStream(), scriptStream()];
    const seen = scriptFetch(
      inOrder(
        () => first.response,
        () => second.response,
      ),
    );
    const { texts, ended } = follow();
    first.send('delta', 'a', 'r-1');
    await vi.waitFor(() => {
      expect(texts).toEqual(['a']);
    });
    first.breakOff();
    second.send('done', 'b', 'r-2');
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
    expect(texts).toEqual(['a', 'b']);
    expect(positions(seen)).toEqual([null, 'r-1']);
  });

  it('takes a connection that closes before the last event for a broken one', async () => {
    const [first, second] = [scriptStream(), scriptStream()];
    scriptFetch(
      inOrder(
        () => first.response,
        () => second.response,
      ),
    );
    const { texts, ended } = follow();
    first.close();
    second.send('done', 'b', 'r-1');
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
    expect(texts).toEqual(['b']);
  });

  it('begins again from the start where its position is refused', async () => {
    const [first, again] = [scriptStream(), scriptStream()];
    const seen = scriptFetch(
      inOrder(
        () => first.response,
        () => refuse(400, 'invalid-request'),
        () => again.response,
      ),
    );
    const onRestart = vi.fn();
    const { texts, ended } = follow({ onRestart });
    first.send('delta', 'a', 'r-1');
    await vi.waitFor(() => {
      expect(texts).toEqual(['a']);
    });
    first.breakOff();
    again.send('done', 'all', 'r-9');
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
    expect(onRestart).toHaveBeenCalledOnce();
    expect(positions(seen)).toEqual([null, 'r-1', null]);
  });

  it('gives up when its patience is at its end', async () => {
    const seen = scriptFetch(noAnswer);
    const { ended } = follow({ patience: 3 });
    const failure = expect(ended).rejects.toMatchObject({ name: 'UnreachableError' });
    await vi.advanceTimersByTimeAsync(60_000);
    await failure;
    expect(seen).toHaveLength(4);
  });

  it('does not ask again where it is refused for good', async () => {
    const seen = scriptFetch(() => refuse(404, 'not-found'));
    await expect(follow().ended).rejects.toMatchObject({ status: 404 });
    expect(seen).toHaveLength(1);
  });

  it('asks again after a failure of the server', async () => {
    const stream = scriptStream();
    stream.send('done', 'b', 'r-1');
    scriptFetch(
      inOrder(
        () => refuse(503, 'unavailable'),
        () => stream.response,
      ),
    );
    const { texts, ended } = follow();
    await vi.advanceTimersByTimeAsync(1_000);
    await ended;
    expect(texts).toEqual(['b']);
  });

  it('opens a connection again that has fallen silent', async () => {
    const second = scriptStream();
    second.send('done', 'b', 'r-1');
    const seen = scriptFetch(
      inOrder(
        () => scriptStream().response,
        () => second.response,
      ),
    );
    const { ended } = follow();
    await vi.advanceTimersByTimeAsync(60_000);
    await ended;
    expect(seen).toHaveLength(2);
    expect(seen[0]?.signal?.aborted).toBe(true);
  });

  it('ends quietly when it is told to', async () => {
    const seen = scriptFetch(() => scriptStream().response);
    const { ended, leave } = follow();
    await vi.advanceTimersByTimeAsync(0);
    leave();
    await expect(ended).resolves.toBeUndefined();
    expect(seen).toHaveLength(1);
  });

  it('tries again at once when the network is back', async () => {
    const seen = scriptFetch(inOrder(noAnswer, noAnswer, noAnswer, () => answer(null, 204)));
    const { leave } = follow();
    await vi.advanceTimersByTimeAsync(1_100);
    const before = seen.length;
    dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.length).toBe(before + 1);
    leave();
  });
});
