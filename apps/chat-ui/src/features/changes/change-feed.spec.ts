import { flushPromises } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { buildSession } from '../../testing/builders.js';
import { scriptFetch, scriptStream } from '../../testing/scripted-fetch.js';
import { listenForChanges, onUserChange } from './change-feed.js';

/** A second tab: it hears what the first one says on the channel. */
function listenOnChannel(): { heard: unknown[]; channel: BroadcastChannel } {
  const channel = new BroadcastChannel('chat');
  const heard: unknown[] = [];
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => heard.push(data));
  return { heard, channel };
}

describe('the news of other tabs and devices', () => {
  it('reaches this page and the other tabs', async () => {
    const stream = scriptStream();
    const seen = scriptFetch(() => stream.response);
    const { heard, channel } = listenOnChannel();
    const leaving = new AbortController();
    const [onChange, onGap] = [vi.fn(), vi.fn()];
    listenForChanges('a11ce', { onChange, onGap }, leaving.signal);
    const session = buildSession(1);
    stream.send('session', { session }, '1');
    const change = { event: 'session', data: { session } };
    await vi.waitFor(() => {
      expect(onChange).toHaveBeenCalledWith(change);
      expect(heard).toEqual([{ kind: 'changed', userId: 'a11ce', change }]);
    });
    expect(onGap).not.toHaveBeenCalled();
    leaving.abort();
    await flushPromises();
    expect(seen[0]?.signal?.aborted).toBe(true);
    channel.close();
  });

  it('may have been missed where the connection came long after the page', async () => {
    let open: (response: Response) => void = () => undefined;
    const opened = new Promise<Response>((resolve) => {
      open = resolve;
    });
    scriptFetch(() => opened);
    const { heard, channel } = listenOnChannel();
    const leaving = new AbortController();
    const onGap = vi.fn();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000);
    listenForChanges('a11ce', { onChange: vi.fn(), onGap }, leaving.signal);
    clock.mockReturnValue(5_000);
    open(scriptStream().response);
    await vi.waitFor(() => {
      expect(heard).toEqual([{ kind: 'gap', userId: 'a11ce' }]);
    });
    expect(onGap).toHaveBeenCalledOnce();
    clock.mockRestore();
    leaving.abort();
    channel.close();
  });

  it('comes from the tab that holds the connection', async () => {
    scriptFetch(() => scriptStream().response);
    const other = new BroadcastChannel('chat');
    const leaving = new AbortController();
    const onChange = vi.fn();
    listenForChanges('a11ce', { onChange, onGap: vi.fn() }, leaving.signal);
    const change = { event: 'session_deleted', data: { _id: '1' } };
    other.postMessage({ kind: 'changed', userId: 'b0b', change });
    other.postMessage({ kind: 'changed', userId: 'a11ce', change });
    await vi.waitFor(() => {
      expect(onChange).toHaveBeenCalledOnce();
    });
    leaving.abort();
    other.close();
  });

  it('is told to whoever looks at what it may concern, until they look away', async () => {
    scriptFetch(() => scriptStream().response);
    const other = new BroadcastChannel('chat');
    const leaving = new AbortController();
    const onlooker = vi.fn();
    const lookAway = onUserChange(onlooker);
    const onChange = vi.fn();
    listenForChanges('a11ce', { onChange, onGap: vi.fn() }, leaving.signal);
    const change = { event: 'session_deleted', data: { _id: '1' } };
    other.postMessage({ kind: 'changed', userId: 'a11ce', change });
    await vi.waitFor(() => {
      expect(onlooker).toHaveBeenCalledOnce();
    });
    lookAway();
    other.postMessage({ kind: 'changed', userId: 'a11ce', change });
    await vi.waitFor(() => {
      expect(onChange).toHaveBeenCalledTimes(2);
    });
    expect(onlooker).toHaveBeenCalledOnce();
    leaving.abort();
    other.close();
  });
});
