import type { BulkRequest, ChatSession } from '@chat/shared-types';
import { isAlike } from '../organise/index.js';
import { shortTitle } from './short-title.js';

/** One change of many chats, without saying of which. */
export type BulkPlan =
  | {
      readonly action: 'archive' | 'unarchive' | 'pin' | 'unpin' | 'delete' | 'restore';
    }
  | { readonly action: 'move'; readonly folder_id: string | null }
  | { readonly action: 'tag' | 'untag'; readonly tags: string[] };

export function requestOf(plan: BulkPlan, sessions: readonly ChatSession[]): BulkRequest {
  return { ...plan, ids: sessions.map(({ _id }) => _id) };
}

/** What a plan makes of a session that stays in its lists. */
export function effectOf(plan: BulkPlan, { tags }: ChatSession): Partial<ChatSession> {
  switch (plan.action) {
    case 'archive':
    case 'unarchive':
      return { archived: plan.action === 'archive' };
    case 'pin':
    case 'unpin':
      return { pinned: plan.action === 'pin' };
    case 'move':
      return { folder_id: plan.folder_id };
    case 'tag':
      return { tags: [...tags, ...missing(tags, plan.tags)] };
    case 'untag':
      return { tags: missing(plan.tags, tags) };
    case 'delete':
    case 'restore':
      return {};
  }
}

/** Of some tags those that others do not hold. */
function missing(tags: readonly string[], some: readonly string[]): string[] {
  return some.filter((tag) => !tags.some((one) => isAlike(one, tag)));
}

/** The plans that take a plan back, each with the sessions it is for. */
export function undoing(
  plan: BulkPlan,
  before: readonly ChatSession[],
): { plan: BulkPlan; sessions: ChatSession[] }[] {
  const groups = new Map<string, { plan: BulkPlan; sessions: ChatSession[] }>();
  for (const session of before) {
    const undo = undoOf(plan, session);
    if (!undo) continue;
    const key = JSON.stringify(undo);
    const group = groups.get(key);
    if (group) group.sessions.push(session);
    else groups.set(key, { plan: undo, sessions: [session] });
  }
  return [...groups.values()];
}

/** Undefined where the plan changed nothing. */
function undoOf(plan: BulkPlan, before: ChatSession): BulkPlan | undefined {
  switch (plan.action) {
    case 'archive':
      return before.archived ? undefined : { action: 'unarchive' };
    case 'unarchive':
      return before.archived ? { action: 'archive' } : undefined;
    case 'pin':
      return before.pinned ? undefined : { action: 'unpin' };
    case 'unpin':
      return before.pinned ? { action: 'pin' } : undefined;
    case 'move':
      if (before.folder_id === plan.folder_id) return undefined;
      return { action: 'move', folder_id: before.folder_id };
    case 'tag': {
      const tags = missing(before.tags, plan.tags);
      return tags.length === 0 ? undefined : { action: 'untag', tags };
    }
    case 'untag': {
      const tags = before.tags.filter((tag) => plan.tags.some((one) => isAlike(one, tag)));
      return tags.length === 0 ? undefined : { action: 'tag', tags };
    }
    case 'delete':
      return { action: 'restore' };
    case 'restore':
      return { action: 'delete' };
  }
}

/** What some chats are called in a note: by their title, or how many they are. */
export function nameOf(sessions: readonly ChatSession[]): string {
  const [only] = sessions;
  if (only && sessions.length === 1) return `“${shortTitle(only.title)}”`;
  return `${sessions.length.toLocaleString()} chats`;
}

/** What was done, for a note. */
export function describeDone(
  plan: BulkPlan,
  sessions: readonly ChatSession[],
  folderName: string | undefined,
): string {
  const what = nameOf(sessions);
  switch (plan.action) {
    case 'archive':
      return `Archived ${what}.`;
    case 'unarchive':
      return `Took ${what} out of the archive.`;
    case 'pin':
      return `Pinned ${what}.`;
    case 'unpin':
      return `Unpinned ${what}.`;
    case 'move':
      return folderName === undefined
        ? `Took ${what} out of folders.`
        : `Moved ${what} to “${shortTitle(folderName)}”.`;
    case 'tag':
      return `Tagged ${what}.`;
    case 'untag':
      return `Took tags off ${what}.`;
    case 'delete':
      return `Deleted ${what}.`;
    case 'restore':
      return `Restored ${what}.`;
  }
}

const PARTICIPLES: Readonly<Record<BulkPlan['action'], string>> = {
  archive: 'archived',
  unarchive: 'taken out of the archive',
  pin: 'pinned',
  unpin: 'unpinned',
  move: 'moved',
  tag: 'tagged',
  untag: 'changed',
  delete: 'deleted',
  restore: 'restored',
};

/** What was not done, in one sentence. */
export function describeFailed(
  plan: BulkPlan,
  failed: readonly ChatSession[],
  count: number,
): string {
  const done = PARTICIPLES[plan.action];
  if (count === 1) return `${nameOf(failed)} was not ${done}.`;
  if (failed.length === count) return `${nameOf(failed)} were not ${done}.`;
  const verb = failed.length === 1 ? 'was' : 'were';
  return `${failed.length.toLocaleString()} of ${count.toLocaleString()} chats ${verb} not ${done}.`;
}
