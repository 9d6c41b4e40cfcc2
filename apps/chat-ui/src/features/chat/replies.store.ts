import type { Message, ReplyEvent, TokenUsage } from '@chat/shared-types';
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import { isNotFound } from '../../app/api-error.js';
import { followEvents, type StreamEvent } from '../../app/event-stream.js';
import { messagesApi, replyStreamPath } from './messages.api.js';
import { useOutboxStore } from './outbox.store.js';
import { useTimelinesStore } from './timelines.store.js';

/** About 17 s of tries without one event in between; then the person decides. */
const PATIENCE = 7;

/** A reply as it is being read. */
export interface LiveReply {
  content: string;
  reasoning: string;
  usage: TokenUsage | null;
  /** `lost`: the server could not be reached for a while, and the reader has given up. */
  connection: 'there' | 'dropped' | 'lost';
}

/** What one reading holds besides what is shown. */
interface Reading {
  reply: Message;
  live: LiveReply;
  leaving: AbortController;
  /** All that was read; the page takes it over once a frame. */
  content: string;
  reasoning: string;
  frame: number;
}

/** The replies that are being written in the sessions on the screen, read as they come. */
export const useRepliesStore = defineStore('replies', () => {
  const timelines = useTimelinesStore();
  const outbox = useOutboxStore();
  const live = shallowReactive(new Map<string, LiveReply>());
  const readings = new Map<string, Reading>();
  /** Told to stop, and not answered yet: what still comes is not looked at. */
  const stopping = shallowReactive(new Set<string>());

  /** Reads a running reply to its end. Does nothing where it is being read or stopped. */
  function follow(reply: Message): void {
    if (readings.has(reply._id) || stopping.has(reply._id)) return;
    const reading: Reading = {
      reply,
      live: shallowReactive<LiveReply>({
        content: reply.content,
        reasoning: reply.reasoning ?? '',
        usage: reply.usage,
        connection: 'there',
      }),
      leaving: new AbortController(),
      content: '',
      reasoning: '',
      frame: 0,
    };
    readings.set(reply._id, reading);
    live.set(reply._id, reading.live);
    void read(reading);
  }

  async function read(reading: Reading): Promise<void> {
    try {
      await followEvents({
        path: replyStreamPath(reading.reply),
        signal: reading.leaving.signal,
        patience: PATIENCE,
        onOpen: () => (reading.live.connection = 'there'),
        onDrop: () => (reading.live.connection = 'dropped'),
        onRestart: () => {
          reading.content = '';
          reading.reasoning = '';
        },
        onEvent: (event) => takeEvent(reading, event as StreamEvent & { data: never }),
      });
    } catch (error) {
      if (reading.leaving.signal.aborted) return;
      if (isNotFound(error)) {
        leave(reading);
        void timelines.refresh(reading.reply.session_id);
      } else reading.live.connection = 'lost';
    }
  }

  /** @returns whether the reply has ended. */
  function takeEvent(reading: Reading, { name, data }: StreamEvent & { data: never }): boolean {
    const event = { event: name, data } as ReplyEvent;
    switch (event.event) {
      case 'delta':
        reading.content += event.data.text;
        break;
      case 'reasoning':
        reading.reasoning += event.data.text;
        break;
      case 'usage':
        reading.live.usage = event.data;
        return false;
      case 'done':
      case 'error':
        end(reading, event.data.message);
        return true;
    }
    reading.frame ||= requestAnimationFrame(() => show(reading));
    return false;
  }

  /** After a new start from the beginning, what is shown stays until it is reached again. */
  function show(reading: Reading): void {
    reading.frame = 0;
    const { live: shown, content, reasoning } = reading;
    if (content.length > shown.content.length) shown.content = content;
    if (reasoning.length > shown.reasoning.length) shown.reasoning = reasoning;
  }

  function end(reading: Reading, stored: Message): void {
    leave(reading);
    timelines.update(stored);
    outbox.release(stored.session_id);
  }

  function leave(reading: Reading): void {
    reading.leaving.abort();
    cancelAnimationFrame(reading.frame);
    readings.delete(reading.reply._id);
    live.delete(reading.reply._id);
  }

  /** Keeps what was read, so that it is there when the session is looked at again. */
  function setDown(reading: Reading): Message {
    show(reading);
    const { content, reasoning, usage } = reading.live;
    leave(reading);
    const reply = { ...reading.reply, content, reasoning: reasoning || null, usage };
    timelines.update(reply);
    return reply;
  }

  /**
   * Follows what is being written in a session that is on the screen, and nothing else of it.
   *
   * @param running the streaming replies of the branch that is shown.
   */
  function attend(sessionId: string, running: readonly Message[]): void {
    const ids = new Set(running.map(({ _id }) => _id));
    for (const reading of [...readings.values()]) {
      const { session_id, _id } = reading.reply;
      if (session_id === sessionId && !ids.has(_id)) leave(reading);
    }
    running.forEach(follow);
  }

  /** The session leaves the screen: its replies go on without a reader. */
  function leaveSession(sessionId: string): void {
    for (const reading of [...readings.values()]) {
      if (reading.reply.session_id === sessionId) setDown(reading);
    }
  }

  /** Ends a reply; the page shows it as ended at once. @throws where the API did not hear of it. */
  async function stop(reply: Message): Promise<void> {
    const reading = readings.get(reply._id);
    stopping.add(reply._id);
    if (reading) setDown(reading);
    try {
      timelines.update(await messagesApi.stop(reply));
      outbox.release(reply.session_id);
    } finally {
      stopping.delete(reply._id);
    }
  }

  /** Lets a reply that ended early go on. */
  async function resume(reply: Message): Promise<void> {
    timelines.update(await messagesApi.resume(reply));
  }

  /** Asks for another version of a reply, which takes its place. */
  async function regenerate(reply: Message): Promise<void> {
    timelines.branchOff(await messagesApi.regenerate(reply), reply._id);
  }

  /** Takes up a reply again whose connection was given up. */
  async function reconnect(reply: Message): Promise<void> {
    const reading = readings.get(reply._id);
    if (reading?.live.connection !== 'lost') return;
    follow(setDown(reading));
    await timelines.refresh(reply.session_id);
  }

  function reset(): void {
    [...readings.values()].forEach(leave);
    stopping.clear();
  }

  return {
    attend,
    leaveSession,
    stop,
    resume,
    regenerate,
    reconnect,
    reset,
    /** How far a reply has been read, where it is being read. */
    liveOf: (messageId: string): LiveReply | undefined => live.get(messageId),
    /** Whether it is being written, as far as the person who stopped it is concerned. */
    isRunning: ({ _id, status }: Message): boolean => status === 'streaming' && !stopping.has(_id),
  };
});
