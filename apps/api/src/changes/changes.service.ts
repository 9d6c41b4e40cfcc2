import { HEADERS, type ChangeEvent } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Types } from 'mongoose';
import { ProblemException } from '../common/problem/problem.exception.js';
import type { EventStream } from '../common/sse/event-stream.js';
import { EventStreams } from '../common/sse/event-streams.js';
import { AppConfig } from '../config/app-config.js';
import { FoldersRepository } from '../folders/folders.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { toChatSession } from '../sessions/to-chat-session.js';
import { ChangeListener, type Change } from './change-listener.js';
import { ChangesHub, OVERLAP_MS } from './changes-hub.js';

/** Of what was missed, read and sent before the next part is read. */
const PAGE = 500;
const POSITION = /^(\d{1,15})-[0-9a-f]{24}$/;

/** Tells the open pages of a user what changed. */
@Injectable()
export class ChangesService {
  constructor(
    private readonly config: AppConfig,
    private readonly hub: ChangesHub,
    private readonly sessions: SessionsRepository,
    private readonly folders: FoldersRepository,
    private readonly streams: EventStreams,
  ) {}

  /**
   * Answers with what changes from now on, or since an event that was received; settles when the
   * response has ended. It ends when an access token would: nobody listens longer than a login
   * lasts, and a page that may go on comes back by itself.
   *
   * @throws a 400 for an id that is none of this stream.
   */
  async send(
    userId: Types.ObjectId,
    lastEventId: string | string[] | undefined,
    reply: FastifyReply,
  ): Promise<void> {
    const since = sinceOf(lastEventId);
    const stream = this.streams.begin(reply);
    const end = setTimeout(() => stream.end(), this.config.accessTokenSeconds * 1000);
    const listener = new ChangeListener(userId);
    stream.signal.addEventListener('abort', listener.wake);
    const remove = this.hub.add(listener);
    try {
      await this.sendMissed(stream, listener, since);
      while (!stream.isOver) {
        await sendWaiting(stream, listener);
        await listener.waits();
      }
    } finally {
      remove();
      clearTimeout(end);
      stream.end();
    }
  }

  private async sendMissed(
    stream: EventStream,
    listener: ChangeListener,
    since: Date,
  ): Promise<void> {
    const [folders] = await this.folders.changedSince([listener.userId], since);
    if (folders !== undefined) listener.offerFolders(folders);
    for (let from = since; !stream.isOver;) {
      const page = await this.sessions.changedSince([listener.userId], from, PAGE);
      listener.offer(page);
      await sendWaiting(stream, listener);
      const last = page.at(-1)?.changed_at;
      if (last === undefined || page.length < PAGE) return;
      // More than a page within one millisecond would be read for ever.
      from = last > from ? last : new Date(from.getTime() + 1);
    }
  }
}

async function sendWaiting(stream: EventStream, listener: ChangeListener): Promise<void> {
  for (;;) {
    const change = stream.isOver ? undefined : listener.take();
    if (change === undefined) return;
    const { changed_at, _id } = change.kind === 'folders' ? change.change : change.session;
    await stream.send({ ...toEvent(change), id: `${changed_at.getTime()}-${_id.toHexString()}` });
  }
}

function toEvent(change: Change): ChangeEvent {
  if (change.kind === 'folders') return { event: 'folders_changed', data: {} };
  const { session } = change;
  return session.deleted
    ? { event: 'session_deleted', data: { _id: session._id.toHexString() } }
    : { event: 'session', data: { session: toChatSession(session) } };
}

/** A little before the event: what has an earlier time may have come later. */
function sinceOf(lastEventId: string | string[] | undefined): Date {
  const now = Date.now();
  if (lastEventId === undefined || lastEventId === '') return new Date(now - OVERLAP_MS);
  const time = typeof lastEventId === 'string' ? POSITION.exec(lastEventId)?.[1] : undefined;
  if (time === undefined) {
    throw new ProblemException('invalid-request', {
      detail: `The header ${HEADERS.lastEventId} is no id of an event of this stream. Listen without it and read the sessions again.`,
    });
  }
  return new Date(Math.min(Number(time), now) - OVERLAP_MS);
}
