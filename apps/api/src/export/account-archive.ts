import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  EXPORT_FORMAT_NAME,
  EXPORT_VERSION,
  type ExportManifest,
  type ExportedFolder,
} from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { ZipFile } from 'yazl';
import { growHeapSlowly } from '../common/heap-growth.js';
import { notFound } from '../common/problem/problem.exception.js';
import { NO_BRANCHES } from '../messages/branches.repository.js';
import { MessagePaths } from '../messages/message-paths.js';
import { MessagesService } from '../messages/messages.service.js';
import type { StoredSession } from '../sessions/session.schema.js';
import { Ancestry } from '../messages/ancestry.js';
import { ConversationReader } from './conversation-reader.js';
import { inChunks } from './download.js';
import { ExportRepository, type MessageBatch, type SessionPlace } from './export.repository.js';
import { toFileName } from './file-name.js';
import { foldersInOrder } from './folders-in-order.js';
import { toJson, type MessageToExport } from './json-format.js';
import { toMarkdown } from './markdown-format.js';

/**
 * The same for every file of every export, so that the same data gives the same bytes: the first
 * day that a ZIP can name, in the local time that it is written in.
 */
const OPTIONS = {
  mtime: new Date(1980, 0, 1),
  mode: 0o100644,
  forceDosTimestamp: true,
} as const;

/** What an archive is made from; read when it begins. */
interface Contents {
  readonly userId: Types.ObjectId;
  readonly profile: object;
  readonly folders: readonly ExportedFolder[];
  readonly places: readonly SessionPlace[];
  readonly messageCount: number;
}

export interface Archive {
  readonly username: string;
  /** To be destroyed where nobody wants the rest: nothing more is read then. */
  readonly stream: Readable;
}

/** Everything of a user as a ZIP (docs/export-format.md), written while it is read. */
@Injectable()
export class AccountArchive {
  constructor(
    private readonly repository: ExportRepository,
    private readonly reader: ConversationReader,
    private readonly paths: MessagePaths,
    private readonly messages: MessagesService,
  ) {}

  /** @throws a 404 where the user is gone. */
  async open(userId: Types.ObjectId): Promise<Archive> {
    const profile = await this.repository.profile(userId);
    if (profile === null) throw notFound();
    const folders = foldersInOrder(await this.repository.folders(userId));
    const places = await this.repository.places(userId);
    const messageCount = await this.repository.countMessages(userId, places);
    const zip = new ZipFile();
    // It is a PassThrough; its types promise less.
    const stream = zip.outputStream as Readable;
    zip.on('error', (error: Error) => stream.destroy(error));
    const endSlowHeap = growHeapSlowly();
    this.fill(zip, stream, { userId, profile, folders, places, messageCount })
      .catch((error: unknown) => stream.destroy(error as Error))
      .finally(endSlowHeap);
    return { username: profile.username, stream };
  }

  private async fill(zip: ZipFile, stream: Readable, contents: Contents): Promise<void> {
    const { userId, profile, folders, places, messageCount } = contents;
    const counts = { folders: folders.length, sessions: places.length, messages: messageCount };
    const manifest: ExportManifest = {
      format: EXPORT_FORMAT_NAME,
      version: EXPORT_VERSION,
      counts,
    };
    await add(zip, stream, 'manifest.json', asText(manifest));
    await add(zip, stream, 'profile.json', asText(profile));
    await add(zip, stream, 'folders.json', asText(folders));
    const known = new Set(folders.map(({ _id }) => _id));
    for (const [i, { _id }] of places.entries()) {
      const read = await this.repository.open(userId, _id);
      // Removed for good since this began.
      if (read === null) continue;
      const session = withKnownFolder(read.session, known);
      const json = toJson(session, this.messagesOf(session, read.batches));
      await add(zip, stream, `sessions/${numbered(i)}.json`, json);
    }
    for (const [i, { _id }] of places.entries()) {
      const session = await this.repository.session(userId, _id);
      if (session === null || session.deleted) continue;
      const turns = this.reader.path({ userId, sessionId: _id }, session);
      const name = `markdown/${numbered(i)} ${toFileName(session.title)}.md`;
      await add(zip, stream, name, toMarkdown({ session, turns }));
    }
    zip.end();
  }

  private async *messagesOf(
    session: StoredSession,
    batches: AsyncIterable<MessageBatch>,
  ): AsyncIterable<MessageToExport> {
    const scope = { userId: session.user_id, sessionId: session._id };
    const { byId } = session.branched ? await this.paths.branchesOf(scope) : NO_BRANCHES;
    const ancestry = new Ancestry(byId);
    for await (const { messages, revisions } of batches) {
      for (const message of await this.messages.withTextSoFar(messages)) {
        yield {
          message,
          parentId: ancestry.add(message),
          revisions: revisions.get(message._id.toHexString()) ?? [],
        };
      }
    }
  }
}

/**
 * Adds a file and settles once it was read to its end: at the pace at which the archive is taken.
 *
 * The archive keeps the stream of every file until its own end, for whatever hangs on it. On this one
 * nothing does: a generator that ended still holds what it had in hand, here a batch of messages.
 *
 * @throws what reading it throws, and where the archive was destroyed.
 */
async function add(
  zip: ZipFile,
  archive: Readable,
  name: string,
  pieces: AsyncIterable<string>,
): Promise<void> {
  const source = new PassThrough();
  const stop = (): void => void source.destroy(new Error('The archive is not wanted any more'));
  archive.once('close', stop);
  try {
    const end = once(source, 'end');
    zip.addReadStream(source, name, OPTIONS);
    if (archive.destroyed) stop();
    await Promise.all([pipeline(inChunks(pieces), source), end]);
  } finally {
    archive.off('close', stop);
  }
}

/** In lines, for people who look into it. */
async function* asText(value: unknown): AsyncIterable<string> {
  yield await Promise.resolve(`${JSON.stringify(value, null, 2)}\n`);
}

function numbered(index: number): string {
  return String(index + 1).padStart(6, '0');
}

/** A session in the trash can be of a folder that there is no more. */
function withKnownFolder(session: StoredSession, known: ReadonlySet<string>): StoredSession {
  const { folder_id } = session as Partial<StoredSession>;
  if (!folder_id || known.has(folder_id.toHexString())) return session;
  return Object.assign({}, session, { folder_id: null });
}
