import type { ChangeEvent } from '@chat/shared-types';
import { followEvents } from '../../app/event-stream.js';
import { onTabNews, tellTabs } from '../../app/tab-channel.js';

/** Those who look at something that a change may concern. */
const onlookers = new Set<() => void>();

/**
 * Calls for every change of anything of the user, and where some may have been missed, for as long
 * as a page is listening.
 *
 * @returns a function that ends it.
 */
export function onUserChange(onlooker: () => void): () => void {
  onlookers.add(onlooker);
  return () => onlookers.delete(onlooker);
}

/** One connection a browser: the tabs elect who holds it, and it tells the others. */
const HOLDER_LOCK = 'chat.changes.';

/** What a page does about news. */
export interface ChangeListener {
  onChange: (change: ChangeEvent) => void;
  /** Something may have been missed: what is on the screen is to be read again. */
  onGap: () => void;
}

/**
 * Hears of everything that happens to a user's sessions, on whatever device, until it is told to
 * stop. Browsers allow few connections to one server, so the tabs of one browser share theirs.
 */
export function listenForChanges(userId: string, page: ChangeListener, signal: AbortSignal): void {
  const tellOnlookers = (): void => {
    for (const onlooker of onlookers) onlooker();
  };
  const listener: ChangeListener = {
    onChange: (change) => {
      page.onChange(change);
      tellOnlookers();
    },
    onGap: () => {
      page.onGap();
      tellOnlookers();
    },
  };
  const unsubscribe = onTabNews((news) => {
    if (news.kind === 'changed' && news.userId === userId) listener.onChange(news.change);
    if (news.kind === 'gap' && news.userId === userId) listener.onGap();
  });
  signal.addEventListener('abort', unsubscribe);
  const since = performance.now();
  const hold = (): Promise<void> => holdConnection(userId, listener, signal, since);
  // Without a secure context there are no locks; then each tab has a connection of its own.
  if (!('locks' in navigator)) void hold();
  else void navigator.locks.request(HOLDER_LOCK + userId, { signal }, hold).catch(() => undefined);
}

/**
 * How soon after a page began to listen its first connection misses nothing, in milliseconds: a
 * new stream begins with what changed in the seconds before it, and the page reads while it opens.
 */
const COVERED_MS = 1_500;

async function holdConnection(
  userId: string,
  listener: ChangeListener,
  signal: AbortSignal,
  listeningSince: number,
): Promise<void> {
  let isFirst = true;
  function isCovered(): boolean {
    const covered = isFirst && performance.now() - listeningSince < COVERED_MS;
    isFirst = false;
    return covered;
  }
  // What happened between the holder before and this one was heard by nobody.
  function reportGap(): void {
    listener.onGap();
    tellTabs({ kind: 'gap', userId });
  }
  await followEvents({
    path: '/chat/events',
    signal,
    onOpen: (resumed) => {
      if (!isCovered() && !resumed) reportGap();
    },
    onRestart: reportGap,
    onEvent: ({ name, data }) => {
      const change = { event: name, data } as ChangeEvent;
      listener.onChange(change);
      tellTabs({ kind: 'changed', userId, change });
      return false;
    },
    // A refusal ends it: the login is over, and the page finds out by its next request.
  }).catch(() => undefined);
}
