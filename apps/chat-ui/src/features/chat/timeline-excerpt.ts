import type { ListedMessage } from '@chat/shared-types';
import { isNotFound } from '../../app/api-error.js';
import { byTime, mergeMessages } from './message-order.js';
import { messagesApi, type MessageStretch } from './messages.api.js';

/**
 * A part of a conversation away from its newest messages, around one that was looked up. It grows
 * in both directions while it is read; where it meets the newest messages it becomes one with them.
 */
export interface Excerpt {
  /** The message that it was opened for. */
  readonly aroundId: string;
  /** Oldest first, without gaps. */
  readonly messages: readonly ListedMessage[];
  /** Path of the next older page; null where the session begins. */
  readonly older: string | null;
  readonly olderStatus: 'idle' | 'loading' | 'failed';
  /** Path of the next newer page. */
  readonly newer: string;
  readonly newerStatus: 'idle' | 'loading' | 'failed';
}

/** What an excerpt is of: the newest messages, and the excerpt that is shown instead. */
interface Excerpted {
  messages: readonly ListedMessage[];
  older: string | null;
  excerpt: Excerpt | null;
}

/**
 * Makes sure that a message of the shown branch is among those that are shown.
 *
 * @throws {ApiError} a 404 where it is not on that branch.
 */
export async function openExcerpt(
  timeline: Excerpted,
  sessionId: string,
  messageId: string,
): Promise<void> {
  if (timeline.excerpt && isIn(timeline.excerpt.messages, messageId)) return;
  if (isIn(timeline.messages, messageId)) timeline.excerpt = null;
  else show(timeline, messageId, await messagesApi.around(sessionId, messageId));
}

/** Adds the next page on one side; the excerpt itself says where that failed. */
export async function widenExcerpt(timeline: Excerpted, side: 'older' | 'newer'): Promise<void> {
  const asked = timeline.excerpt;
  const path = asked?.[side] ?? null;
  if (!asked || path === null || asked[`${side}Status`] === 'loading') return;
  timeline.excerpt = { ...asked, [`${side}Status`]: 'loading' };
  const stretch = await messagesApi.beside(side, path).catch(() => undefined);
  const now = current(timeline);
  // Another one may be looked at by now, or none.
  if (now?.aroundId !== asked.aroundId || now[side] !== path) return;
  if (!stretch) {
    timeline.excerpt = { ...now, [`${side}Status`]: 'failed' };
    return;
  }
  const messages = mergeMessages(now.messages, stretch.messages);
  show(timeline, now.aroundId, {
    messages,
    older: side === 'older' ? stretch.older : now.older,
    newer: side === 'newer' ? stretch.newer : now.newer,
  });
}

/**
 * Reads the middle of an excerpt again: what changed elsewhere shows. Where none of it is on the
 * shown branch any more, the newest messages are shown instead.
 */
export async function renewExcerpt(timeline: Excerpted, sessionId: string): Promise<void> {
  const { excerpt } = timeline;
  if (!excerpt) return;
  const { aroundId, messages } = excerpt;
  for (const id of new Set([aroundId, messages[0]?._id, messages.at(-1)?._id])) {
    if (id === undefined) continue;
    try {
      const stretch = await messagesApi.around(sessionId, id);
      const now = current(timeline);
      if (now?.aroundId === aroundId) timeline.excerpt = renewed(now, stretch);
      return;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  if (current(timeline)?.aroundId === aroundId) timeline.excerpt = null;
}

/** Takes over what became of a message, or puts it in its place. */
export function putIntoExcerpt(timeline: Excerpted, message: ListedMessage): void {
  const { excerpt } = timeline;
  if (!excerpt) return;
  timeline.excerpt = { ...excerpt, messages: mergeMessages(excerpt.messages, [message]) };
}

export function takeFromExcerpt(timeline: Excerpted, messageId: string): void {
  const { excerpt } = timeline;
  if (!excerpt) return;
  const messages = excerpt.messages.filter(({ _id }) => _id !== messageId);
  timeline.excerpt = { ...excerpt, messages };
}

/** What follows the excerpt is not shown any more, so it holds the newest messages. */
export function adoptExcerpt(timeline: Excerpted): void {
  const { excerpt } = timeline;
  if (!excerpt) return;
  timeline.messages = excerpt.messages;
  timeline.older = excerpt.older;
  timeline.excerpt = null;
}

/** A function, so that what an await may have changed is looked at again. */
function current(timeline: Excerpted): Excerpt | null {
  return timeline.excerpt;
}

function isIn(messages: readonly ListedMessage[], messageId: string): boolean {
  return messages.some(({ _id }) => _id === messageId);
}

function show(timeline: Excerpted, aroundId: string, stretch: MessageStretch): void {
  const { messages, older, newer } = stretch;
  const known = new Set(timeline.messages.map(({ _id }) => _id));
  if (newer !== null && !messages.some(({ _id }) => known.has(_id))) {
    timeline.excerpt = {
      aroundId,
      messages,
      older,
      newer,
      olderStatus: 'idle',
      newerStatus: 'idle',
    };
    return;
  }
  const first = timeline.messages[0];
  // A part that begins within what is known adds nothing before it.
  const reachesBack = first === undefined || messages.some((message) => byTime(message, first) < 0);
  timeline.messages = mergeMessages(messages, timeline.messages);
  if (reachesBack) timeline.older = older;
  timeline.excerpt = null;
}

/** Within the part that was read anew the answer alone counts; beyond it stays what was there. */
function renewed(known: Excerpt, stretch: MessageStretch): Excerpt {
  const first = stretch.messages[0];
  const last = stretch.messages.at(-1);
  if (!first || !last || stretch.newer === null) return known;
  const before = known.messages.filter((message) => byTime(message, first) < 0);
  const after = known.messages.filter((message) => byTime(message, last) > 0);
  const answered = mergeMessages(known.messages, stretch.messages).filter(({ _id }) =>
    isIn(stretch.messages, _id),
  );
  return {
    ...known,
    messages: [...before, ...answered, ...after],
    older: before.length > 0 ? known.older : stretch.older,
    newer: after.length > 0 ? known.newer : stretch.newer,
  };
}
