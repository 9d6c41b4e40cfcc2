import type { ImportResult } from '@chat/shared-types';
import { Injectable, Logger } from '@nestjs/common';
import type { Types } from 'mongoose';
import { ProblemException } from '../common/problem/problem.exception.js';
import { AppConfig } from '../config/app-config.js';
import { BrokenDraft, type DraftMessage, type SessionDraft } from '../messages/session-draft.js';
import { SessionBuilder } from '../messages/session-builder.js';
import { mapChatGpt } from './formats/chatgpt.js';
import { mapOwnSession, type MappedSession } from './formats/chat-sessions.js';
import { mapClaude } from './formats/claude.js';
import { mapLibreChat } from './formats/librechat.js';
import type { MappedConversation } from './formats/mapped-conversation.js';
import { ConversationRefused } from './formats/remarks.js';
import { named } from './formats/texts.js';
import type { MatchedFolders } from './import-folders.js';
import { ImportedSessionsRepository } from './imported-sessions.repository.js';
import type { NewImportEntry } from './imports.repository.js';
import type { FoundConversation } from './reading/conversation-reader.js';
import { objectOf, release } from './reading/json-value.js';

/** What all conversations of one import have in common. */
export interface ImportRun {
  readonly userId: Types.ObjectId;
  readonly dryRun: boolean;
  /** When it began. */
  readonly now: Date;
  readonly folders: MatchedFolders;
  /** The keys that came already in this run. */
  readonly seen: Set<string>;
}

export type ImportOutcome = Omit<NewImportEntry, 'number'>;

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_TITLE = 120;

/** Makes one conversation of a file a session, whole or not at all. */
@Injectable()
export class ConversationImporter {
  private readonly logger = new Logger('Imports');

  constructor(
    private readonly config: AppConfig,
    private readonly builder: SessionBuilder,
    private readonly sessions: ImportedSessionsRepository,
  ) {}

  /**
   * @returns what became of it. A conversation that cannot be taken does not stop the others.
   * @throws where the file cannot be read further, or the database does not answer.
   */
  async take(run: ImportRun, found: FoundConversation): Promise<ImportOutcome> {
    const title = titleIn(found);
    const place = capital(found.place);
    const failed = (reason: string): ImportOutcome =>
      outcome('failed', title, title === place ? reason : `${reason} (${place}.)`);
    try {
      const mapped = map(found, run.now);
      // What it becomes stands beside it now, and storing a long one takes minutes.
      if (found.format !== null && found.format !== 'chat-sessions') release(found.value);
      const own = 'sourceId' in mapped ? mapped : undefined;
      await this.assertNew(run, mapped, own);
      const sessionId = await this.build(run, mapped, own);
      const reason = mapped.remarks.toReason() ?? null;
      return outcome('imported', mapped.draft.title, reason, sessionId);
    } catch (error) {
      if (error instanceof ConversationRefused) {
        return error.result === 'failed'
          ? failed(error.message)
          : outcome('skipped', title, error.message);
      }
      if (error instanceof BrokenDraft) return failed(error.message);
      if (error instanceof ProblemException && error.getStatus() < 500) {
        return failed('Its folder was deleted, or something else changed, at the same moment.');
      }
      if (error instanceof RangeError || error instanceof TypeError) {
        this.logger.error({ err: error }, 'A conversation could not be mapped');
        return failed('It could not be read.');
      }
      throw error;
    }
  }

  private async assertNew(
    { userId, now, seen }: ImportRun,
    { importKey, draft }: MappedConversation,
    own: MappedSession | undefined,
  ): Promise<void> {
    if (seen.has(importKey)) {
      throw new ConversationRefused('skipped', 'It stands in the file a second time.');
    }
    seen.add(importKey);
    const deletedAt = draft.deleted_at ?? null;
    const keptSince = now.getTime() - this.config.trashRetentionDays * DAY_MS;
    if (deletedAt !== null && deletedAt.getTime() <= keptSince) {
      throw new ConversationRefused('skipped', 'It was in the trash, and its time there is over.');
    }
    if (await this.sessions.has(userId, importKey, own?.sourceId, deletedAt !== null)) {
      throw new ConversationRefused(
        'skipped',
        deletedAt === null ? 'It is already here.' : 'It is already here or in the trash.',
      );
    }
  }

  private async build(
    run: ImportRun,
    mapped: MappedConversation,
    own: MappedSession | undefined,
  ): Promise<Types.ObjectId | null> {
    const { draft: common, importKey, messages, remarks } = mapped;
    if (run.dryRun) {
      await readThrough(messages);
      return null;
    }
    const sourceFolder = own?.sourceFolderId ?? null;
    const folderId = sourceFolder === null ? undefined : run.folders.idOf(sourceFolder);
    if (sourceFolder !== null && folderId === undefined) remarks.add('folder');
    const draft: SessionDraft = {
      ...common,
      import_key: importKey,
      folder_id: folderId ?? null,
    };
    const { session } = await this.builder.build(run.userId, draft, drained(messages));
    return session._id;
  }
}

function map(found: FoundConversation, now: Date): MappedConversation | MappedSession {
  switch (found.format) {
    case 'chat-sessions':
      return mapOwnSession(found.head, found.messages, { now });
    case 'chatgpt':
      return mapChatGpt(found.value, { now });
    case 'claude':
      return mapClaude(found.value, { now });
    case 'librechat':
      return mapLibreChat(found.value, { now });
    case null:
      throw new ConversationRefused('failed', 'It has not the shape of a conversation.');
  }
}

/** What is to be said of messages is known once they have been read. */
async function readThrough(messages: MappedConversation['messages']): Promise<number> {
  let count = 0;
  for await (const message of messages) count += message.content.length;
  return count;
}

/** The same messages, none of which is held any longer than it takes to store it. */
function drained(messages: MappedConversation['messages']): MappedConversation['messages'] {
  return Array.isArray(messages) ? drain(messages as DraftMessage[]) : messages;
}

function* drain(messages: DraftMessage[]): Generator<DraftMessage> {
  messages.reverse();
  for (let next = messages.pop(); next !== undefined; next = messages.pop()) yield next;
}

function outcome(
  result: ImportResult,
  title: string,
  reason: string | null,
  sessionId: Types.ObjectId | null = null,
): ImportOutcome {
  return { title, result, reason, session_id: sessionId };
}

/** What a person knows it by, also where nothing else of it can be read. */
function titleIn(found: FoundConversation): string {
  switch (found.format) {
    case 'chat-sessions':
      return named(objectOf(found.head.session)?.title, capital(found.place)).slice(0, MOST_TITLE);
    case 'chatgpt':
    case 'librechat':
      return named(found.value.title, capital(found.place));
    case 'claude':
      return named(found.value.name, capital(found.place));
    case null:
      return capital(found.place);
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
