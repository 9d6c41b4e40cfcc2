import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Types } from 'mongoose';
import { AppConfig } from '../config/app-config.js';
import { LeftoversService } from '../leftovers/leftovers.service.js';
import { MessageIndexes, type MessageIndex } from '../messages/message-index.js';
import { MessageRemoval } from '../messages/message-removal.repository.js';
import type { StoredMessage } from '../messages/message.schema.js';
import { SessionHooks } from '../sessions/session-hooks.js';
import type { StoredSession } from '../sessions/session.schema.js';
import { SearchEntriesRepository } from './search-entries.repository.js';
import { SearchTermsRepository } from './search-terms.repository.js';
import { entryOfMessage, entryOfTitle, type IndexedEntry } from './to-search-entry.js';

/**
 * Texts are indexed together up to so many characters: their words take ten times the memory of the
 * text, in this process and in the database, until they are stored.
 */
const TEXT_AT_ONCE = 100_000;

/**
 * Keeps the index in step with messages and titles: each is indexed in the transaction that stores
 * or changes it. A reply is indexed when it has ended.
 */
@Injectable()
export class SearchIndex implements MessageIndex, OnModuleInit {
  constructor(
    private readonly entries: SearchEntriesRepository,
    private readonly terms: SearchTermsRepository,
    private readonly messageIndexes: MessageIndexes,
    private readonly sessions: SessionHooks,
    private readonly leftovers: LeftoversService,
    private readonly removal: MessageRemoval,
    private readonly config: AppConfig,
  ) {}

  onModuleInit(): void {
    // Also where nothing is indexed any more: what was, must not outlive its text.
    this.leftovers.onSweep((userId, sessionId) => this.entries.removeSession(userId, sessionId));
    this.removal.onRemove((userId, ids) => this.entries.remove(userId, ids));
    if (!this.config.searchIndex) return;
    this.messageIndexes.connect(this);
    this.sessions.onTitled((session) => this.titled(session));
    this.sessions.onStored((session) => this.titled(session));
    this.sessions.onDelete((userId, ids, at) => this.entries.setDeleted(userId, ids, at));
    this.sessions.onRestore((userId, ids) => this.entries.setDeleted(userId, ids, null));
  }

  async stored(messages: readonly StoredMessage[]): Promise<void> {
    for (const some of inParts(messages.filter(isWhole))) {
      const indexed = some.map(entryOfMessage);
      await this.learn(indexed);
      await this.entries.insert(indexed.map(({ entry }) => entry));
    }
  }

  async changed(message: StoredMessage): Promise<void> {
    if (isWhole(message)) await this.replace(entryOfMessage(message));
  }

  async trashed(userId: Types.ObjectId, id: Types.ObjectId, deletedAt: Date | null): Promise<void> {
    await this.entries.setDeleted(userId, [id], deletedAt);
  }

  private titled(session: StoredSession): Promise<void> {
    return this.replace(entryOfTitle(session));
  }

  private async replace(indexed: IndexedEntry): Promise<void> {
    await this.learn([indexed]);
    await this.entries.replace(indexed.entry);
  }

  private async learn(indexed: readonly IndexedEntry[]): Promise<void> {
    const [first] = indexed;
    if (first === undefined) return;
    const terms = new Set(indexed.flatMap(({ terms: of }) => of));
    await this.terms.learn(first.entry.user_id, [...terms]);
  }
}

/** Parts with about `TEXT_AT_ONCE`, a message at least. */
function* inParts(messages: readonly StoredMessage[]): Generator<readonly StoredMessage[]> {
  let part: StoredMessage[] = [];
  let characters = 0;
  for (const message of messages) {
    part.push(message);
    characters += message.content.length;
    if (characters < TEXT_AT_ONCE) continue;
    yield part;
    part = [];
    characters = 0;
  }
  if (part.length > 0) yield part;
}

/** A reply that is being written is found when it has ended, with all of its text. */
function isWhole({ status }: StoredMessage): boolean {
  return status !== 'streaming';
}
