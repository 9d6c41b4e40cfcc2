import type { ChangeEvent } from '@chat/shared-types';

/** What the tabs of one browser tell each other. Any script of the origin hears it,
 * as it could read the page itself. */
export type TabNews =
  | { kind: 'signed-in'; userId: string }
  | { kind: 'signed-out' }
  | { kind: 'sessions-changed'; userId: string }
  | { kind: 'messages-changed'; userId: string; sessionId: string }
  /** What the server told the tab that listens to it for all. */
  | { kind: 'changed'; userId: string; change: ChangeEvent }
  | { kind: 'gap'; userId: string };

type Listener = (news: TabNews) => void;

const listeners = new Set<Listener>();
let channel: BroadcastChannel | undefined;

/** Where the browser has no BroadcastChannel, tabs agree when they are looked at again. */
function openChannel(): BroadcastChannel | undefined {
  if (channel || typeof BroadcastChannel === 'undefined') return channel;
  channel = new BroadcastChannel('chat');
  channel.addEventListener('message', (event: MessageEvent<TabNews>) => {
    for (const listener of listeners) listener(event.data);
  });
  return channel;
}

/** Tells the other tabs; this one does not hear itself. */
export function tellTabs(news: TabNews): void {
  openChannel()?.postMessage(news);
}

/** @returns a function that stops listening. */
export function onTabNews(listener: Listener): () => void {
  openChannel();
  listeners.add(listener);
  return () => listeners.delete(listener);
}
