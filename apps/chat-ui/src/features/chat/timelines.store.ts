import type { ListedMessage, Message } from '@chat/shared-types';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { isNotFound } from '../../app/api-error.js';
import {
  adoptExcerpt,
  openExcerpt,
  putIntoExcerpt,
  renewExcerpt,
  takeFromExcerpt,
  widenExcerpt,
  type Excerpt,
} from './timeline-excerpt.js';
import { byTime, mergeMessages } from './message-order.js';
import { messagesApi, type MessagePage } from './messages.api.js';

/** What is known of one session's messages: the newest, and as many older ones as were looked at. */
export interface Timeline {
  status: 'loading' | 'ready' | 'failed' | 'missing';
  failure: unknown;
  /** The branch that is shown, oldest first. */
  messages: readonly ListedMessage[];
  /** Path of the next older page; null where the session begins. */
  older: string | null;
  olderStatus: 'idle' | 'loading' | 'failed';
  /** What is looked at instead of the newest messages; null where those are. */
  excerpt: Excerpt | null;
}

/** What the answer of a read cannot know yet, because it happened after the question. */
interface Changes {
  added: Set<string>;
  removed: Set<string>;
}

export const useTimelinesStore = defineStore('timelines', () => {
  const timelines = shallowReactive(new Map<string, Timeline>());
  const changes = new Map<string, Changes>();
  const reads = new Map<string, Promise<void>>();
  const nextReads = new Map<string, Promise<void>>();
  const readsAhead = new Map<string, Promise<void>>();
  /** The rows that this tab sent keep the identity they had before they were stored. */
  const rowKeys = new Map<string, string>();

  function open(sessionId: string): Timeline {
    const known = timelines.get(sessionId);
    if (known) return known;
    const timeline = shallowReactive<Timeline>({
      status: 'loading',
      failure: null,
      messages: [],
      older: null,
      olderStatus: 'idle',
      excerpt: null,
    });
    timelines.set(sessionId, timeline);
    changes.set(sessionId, { added: new Set(), removed: new Set() });
    return timeline;
  }

  /** Reads the newest page and makes the timeline agree with it. Calls under way are shared. */
  function read(sessionId: string): Promise<void> {
    const running = reads.get(sessionId);
    if (running) return running;
    const started = readNewest(sessionId, open(sessionId)).finally(() => {
      if (reads.get(sessionId) === started) reads.delete(sessionId);
    });
    reads.set(sessionId, started);
    return started;
  }

  /** Reads the newest page for a view that is still on its way. */
  function readAhead(sessionId: string): void {
    readsAhead.set(sessionId, read(sessionId));
  }

  /** The first read of a view: the one that went ahead of it, where there is one. */
  function readFirst(sessionId: string): Promise<void> {
    const ahead = readsAhead.get(sessionId);
    readsAhead.delete(sessionId);
    return ahead ?? read(sessionId);
  }

  /**
   * Makes the timeline agree with everything that happened up to now: an answer to an earlier
   * question does not count. Calls that wait for the same answer share it.
   */
  function refresh(sessionId: string): Promise<void> {
    const running = reads.get(sessionId);
    if (!running) return read(sessionId);
    const waiting = nextReads.get(sessionId);
    if (waiting) return waiting;
    const next = running.then(() => {
      nextReads.delete(sessionId);
      return read(sessionId);
    });
    nextReads.set(sessionId, next);
    return next;
  }

  async function readNewest(sessionId: string, timeline: Timeline): Promise<void> {
    const since = changes.get(sessionId);
    since?.added.clear();
    since?.removed.clear();
    if (timeline.status !== 'ready') timeline.status = 'loading';
    try {
      const [page] = await Promise.all([
        messagesApi.newest(sessionId),
        renewExcerpt(timeline, sessionId),
      ]);
      takePage(timeline, page, since);
      timeline.status = 'ready';
      timeline.failure = null;
    } catch (error) {
      timeline.failure = error;
      if (isNotFound(error)) timeline.status = 'missing';
      else if (timeline.status !== 'ready') timeline.status = 'failed';
    }
  }

  function takePage(timeline: Timeline, page: MessagePage, since: Changes | undefined): void {
    const first = page.messages[0];
    const known = timeline.messages;
    const overlaps = page.older === null || known.some(({ _id }) => _id === first?._id);
    const isOlder = (message: ListedMessage): boolean =>
      first !== undefined && byTime(message, first) < 0;
    // Without an overlap there is a gap before the page, so what lies beyond it is forgotten.
    const beyond = overlaps && page.older !== null ? known.filter(isOlder) : [];
    // What changed here since the question is newer than the answer.
    const arrived = known.filter(({ _id }) => since?.added.has(_id));
    const stored = page.messages.filter(({ _id }) => !since?.removed.has(_id));
    if (!overlaps || known.length === 0 || page.older === null) timeline.older = page.older;
    timeline.messages = mergeMessages([...beyond, ...stored], arrived);
  }

  async function readOlder(sessionId: string): Promise<void> {
    const timeline = open(sessionId);
    if (timeline.excerpt) return widenExcerpt(timeline, 'older');
    const path = timeline.older;
    if (path === null || timeline.olderStatus === 'loading') return;
    timeline.olderStatus = 'loading';
    try {
      const page = await messagesApi.page(path);
      if (timeline.older === path) {
        timeline.messages = mergeMessages(timeline.messages, page.messages);
        timeline.older = page.older;
      }
      timeline.olderStatus = 'idle';
    } catch {
      timeline.olderStatus = 'failed';
    }
  }

  /** Goes on towards the newest messages, where an excerpt is looked at. */
  function readNewer(sessionId: string): Promise<void> {
    return widenExcerpt(open(sessionId), 'newer');
  }

  /**
   * Makes sure that a message of the shown branch is among those that are shown.
   *
   * @throws {ApiError} a 404 where it is not on that branch.
   */
  function showAround(sessionId: string, messageId: string): Promise<void> {
    return openExcerpt(open(sessionId), sessionId, messageId);
  }

  /** Back to the newest messages. */
  function showNewest(sessionId: string): void {
    open(sessionId).excerpt = null;
  }

  /** With its versions, as far as they are known. */
  function listed(message: Message | ListedMessage): ListedMessage {
    if ('siblings' in message) return message;
    const { messages, excerpt } = open(message.session_id);
    const isIt = ({ _id }: ListedMessage): boolean => _id === message._id;
    const known = messages.find(isIt) ?? excerpt?.messages.find(isIt);
    return { ...message, siblings: known?.siblings ?? [message._id] };
  }

  function noteAdded({ session_id, _id }: Message): void {
    changes.get(session_id)?.added.add(_id);
    changes.get(session_id)?.removed.delete(_id);
  }

  /** @param rowKey the identity its row had while it was being sent. */
  function add(message: Message, rowKey?: string): void {
    const timeline = open(message.session_id);
    if (rowKey !== undefined) rowKeys.set(message._id, rowKey);
    const last = timeline.excerpt?.messages.at(-1);
    if (last && byTime(message, last) < 0) putIntoExcerpt(timeline, listed(message));
    else timeline.messages = mergeMessages(timeline.messages, [listed(message)]);
    noteAdded(message);
  }

  /** Takes over what became of a message; nothing where it is not in the branch that is shown. */
  function update(message: Message): void {
    const timeline = timelines.get(message.session_id);
    const isIt = ({ _id }: ListedMessage): boolean => _id === message._id;
    if (timeline?.excerpt?.messages.some(isIt)) putIntoExcerpt(timeline, listed(message));
    if (!timeline?.messages.some(isIt)) return;
    timeline.messages = mergeMessages(timeline.messages, [listed(message)]);
    noteAdded(message);
  }

  /**
   * Shows a new version of a message: it takes the place of the other, and what followed that one
   * is no part of this branch.
   */
  function branchOff(version: Message, replacedId: string, rowKey?: string): void {
    const timeline = open(version.session_id);
    if (timeline.excerpt?.messages.some(({ _id }) => _id === replacedId)) adoptExcerpt(timeline);
    const at = timeline.messages.findIndex(({ _id }) => _id === replacedId);
    const replaced = timeline.messages[at];
    if (!replaced) {
      add(version, rowKey);
      return;
    }
    const siblings = [...replaced.siblings, version._id];
    if (rowKey !== undefined) rowKeys.set(siblings[0] ?? version._id, rowKey);
    for (const { _id } of timeline.messages.slice(at)) {
      changes.get(version.session_id)?.removed.add(_id);
    }
    noteAdded(version);
    timeline.messages = [...timeline.messages.slice(0, at), { ...version, siblings }];
  }

  function take({ session_id, _id }: Message): void {
    const timeline = open(session_id);
    timeline.messages = timeline.messages.filter((message) => message._id !== _id);
    takeFromExcerpt(timeline, _id);
    changes.get(session_id)?.removed.add(_id);
    changes.get(session_id)?.added.delete(_id);
  }

  /** Takes the message away at once and puts it back when the API refuses. */
  async function remove(message: Message): Promise<void> {
    take(message);
    try {
      await messagesApi.remove(message);
    } catch (error) {
      add(message);
      throw error;
    }
  }

  async function restore(message: Message): Promise<void> {
    add(await messagesApi.restore(message));
  }

  /** The session is gone; whoever looks at it is told. */
  function noteGone(sessionId: string): void {
    const timeline = timelines.get(sessionId);
    if (timeline) timeline.status = 'missing';
  }

  /** Forgets a session's messages; the next look reads them again. */
  function forget(sessionId: string): void {
    timelines.delete(sessionId);
    changes.delete(sessionId);
    reads.delete(sessionId);
    nextReads.delete(sessionId);
    readsAhead.delete(sessionId);
  }

  function reset(): void {
    for (const sessionId of [...timelines.keys()]) forget(sessionId);
    rowKeys.clear();
  }

  /** One for all versions of a message: the row stays while its versions change. */
  function rowKeyOf({ _id, siblings }: ListedMessage): string {
    const first = siblings[0] ?? _id;
    return rowKeys.get(first) ?? first;
  }

  return {
    open,
    read,
    readAhead,
    readFirst,
    refresh,
    readOlder,
    readNewer,
    showAround,
    showNewest,
    add,
    update,
    branchOff,
    remove,
    restore,
    noteGone,
    forget,
    reset,
    rowKeyOf,
  };
});
