import type { ChatSession } from '@chat/shared-types';
import { describeError } from '../../app/api-error.js';
import { tellTabs } from '../../app/tab-channel.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { useFoldersStore } from '../organise/index.js';
import {
  describeDone,
  describeFailed,
  effectOf,
  requestOf,
  undoing,
  type BulkPlan,
} from './bulk-plan.js';
import { sessionsApi } from './sessions.api.js';
import { useSessionsStore } from './sessions.store.js';

interface Outcome {
  done: ChatSession[];
  failed: ChatSession[];
  /** Why the first of them failed. */
  reason: string;
}

/** Changes one chat or many at once: shown at once, taken back where it is refused, with Undo. */
export function useBulkChanges() {
  const sessions = useSessionsStore();
  const folders = useFoldersStore();

  /** @param before the sessions as they are; what of them is refused is shown so again. */
  async function apply(plan: BulkPlan, before: readonly ChatSession[]): Promise<Outcome> {
    showPlan(plan, before);
    try {
      const results = await sessionsApi.bulk(requestOf(plan, before));
      const refused = new Map(results.filter(({ ok }) => !ok).map((one) => [one.id, one.error]));
      const failed = before.filter(({ _id }) => refused.has(_id));
      showBefore(plan, failed);
      const reason = [...refused.values()][0]?.detail ?? '';
      return { done: before.filter(({ _id }) => !refused.has(_id)), failed, reason };
    } catch (error) {
      showBefore(plan, before);
      return { done: [], failed: [...before], reason: describeError(error) };
    } finally {
      const [first] = before;
      if (first) tellTabs({ kind: 'sessions-changed', userId: first.user_id });
      folders.refreshSoon();
    }
  }

  function showPlan(plan: BulkPlan, before: readonly ChatSession[]): void {
    const ids = before.map(({ _id }) => _id);
    if (plan.action === 'delete') sessions.takeOff(ids);
    else if (plan.action === 'restore') sessions.putBack(before);
    else sessions.patchAll(ids, (session) => effectOf(plan, session));
  }

  function showBefore(plan: BulkPlan, failed: readonly ChatSession[]): void {
    const ids = failed.map(({ _id }) => _id);
    const byId = new Map(failed.map((session) => [session._id, session]));
    if (plan.action === 'delete') sessions.putBack(failed);
    else if (plan.action === 'restore') sessions.takeOff(ids);
    else
      sessions.patchAll(ids, (session) => {
        const before = byId.get(session._id) ?? session;
        const keys = Object.keys(effectOf(plan, session)) as (keyof ChatSession)[];
        return Object.fromEntries(keys.map((key) => [key, before[key]]));
      });
  }

  /**
   * @param then what else is undone when the change is, once it is.
   * @returns what was done; a note has told of it, and of what failed.
   */
  async function change(
    plan: BulkPlan,
    before: readonly ChatSession[],
    then?: (back: readonly ChatSession[]) => void,
  ): Promise<Outcome> {
    const outcome = await apply(plan, before);
    const { done, failed, reason } = outcome;
    if (done.length > 0) {
      const folder = plan.action === 'move' ? folders.get(plan.folder_id)?.name : undefined;
      showToast({
        text: describeDone(plan, done, folder),
        action: { label: 'Undo', run: () => void undo(plan, done, then) },
      });
    }
    if (failed.length > 0) {
      showToast({
        text: `${describeFailed(plan, failed, before.length)} ${reason}`.trim(),
        tone: 'danger',
        action: { label: 'Retry', run: () => void change(plan, failed, then) },
      });
    }
    return outcome;
  }

  async function undo(
    plan: BulkPlan,
    before: readonly ChatSession[],
    then?: (back: readonly ChatSession[]) => void,
  ): Promise<void> {
    const outcomes = await Promise.all(
      undoing(plan, before).map((group) => apply(group.plan, group.sessions)),
    );
    const failed = outcomes.flatMap((one) => one.failed);
    const reason = outcomes.find((one) => one.failed.length > 0)?.reason ?? '';
    then?.(outcomes.flatMap(({ done }) => done));
    if (failed.length === 0) announce('Undone.');
    else {
      showToast({
        text: `Not all of it could be undone. ${reason}`.trim(),
        tone: 'danger',
        action: { label: 'Retry', run: () => void undo(plan, failed, then) },
      });
    }
  }

  return { change };
}
