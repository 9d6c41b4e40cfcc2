import type { ChatSession } from '@chat/shared-types';
import { useRoute, useRouter } from 'vue-router';
import type { BulkPlan } from './bulk-plan.js';
import { useSelectionStore } from './selection.store.js';
import { useSessionsStore } from './sessions.store.js';
import { useBulkChanges } from './use-bulk-changes.js';

/** Putting one chat or many in order; what was selected for it is let go once it is done. */
export function useBulkActions() {
  const sessions = useSessionsStore();
  const selection = useSelectionStore();
  const route = useRoute();
  const router = useRouter();
  const { change } = useBulkChanges();

  async function run(plan: BulkPlan, chats: readonly ChatSession[]): Promise<void> {
    // As they are now: a question may have stood open for a while.
    const now = chats.map(({ _id }) => sessions.get(_id)).filter((one) => one !== undefined);
    if (now.length === 0) return;
    const wasSelected = selection.active;
    if (wasSelected) selection.leave();
    const { failed } = await change(plan, now);
    if (!wasSelected || failed.length === 0) return;
    selection.begin();
    selection.keepOnly(failed.map(({ _id }) => _id));
  }

  /** The open chat gives way to the next one that stays, as when it is deleted alone. */
  async function remove(chats: readonly ChatSession[]): Promise<void> {
    const openId = route.params.sessionId;
    const leaving = new Set(chats.map(({ _id }) => _id));
    const order = sessions.sorted;
    const at = order.findIndex(({ _id }) => _id === openId);
    const stays = ({ _id }: ChatSession): boolean => !leaving.has(_id);
    const next = order.slice(at + 1).find(stays) ?? order.slice(0, Math.max(0, at)).findLast(stays);
    const wasOpen = typeof openId === 'string' && leaving.has(openId);
    selection.leave();
    const removal = change({ action: 'delete' }, chats, (back) => {
      const isBack = back.some(({ _id }) => _id === openId);
      if (wasOpen && isBack) void open(openId, 'push');
    });
    if (wasOpen) await open(next?._id, 'replace');
    const { failed } = await removal;
    if (wasOpen && failed.some(({ _id }) => _id === openId)) await open(openId, 'replace');
  }

  /** The focus goes to the list, so the page that opens must not take it. */
  async function open(sessionId: string | undefined, how: 'push' | 'replace'): Promise<void> {
    const state = { keepFocus: true };
    if (sessionId === undefined) await router[how]({ name: 'home', state });
    else await router[how]({ name: 'chat', params: { sessionId }, state });
  }

  return {
    run,
    remove,
    archive: (chats: readonly ChatSession[], archived: boolean) =>
      run({ action: archived ? 'archive' : 'unarchive' }, chats),
    pin: (chats: readonly ChatSession[], pinned: boolean) =>
      run({ action: pinned ? 'pin' : 'unpin' }, chats),
    move: (chats: readonly ChatSession[], folderId: string | null) =>
      run(
        { action: 'move', folder_id: folderId },
        chats.filter(({ folder_id }) => folder_id !== folderId),
      ),
    tag: async (chats: readonly ChatSession[], tags: string[]): Promise<void> => {
      if (tags.length > 0) await run({ action: 'tag', tags }, chats);
    },
  };
}
