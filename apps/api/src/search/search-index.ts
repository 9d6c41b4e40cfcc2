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
    const indexed = messages.filter(isWhole).map(entryOfMessage);
    await this.learn(indexed);
    await this.entries.insert(indexed.map(({ entry }) => entry));
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

/** A reply that is being written is found when it has ended, with all of its text. */
function isWhole({ status }: StoredMessage): boolean {
  return status !== 'streaming';
}
