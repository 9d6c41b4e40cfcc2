import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Types } from 'mongoose';
import { FoldersRepository } from '../folders/folders.repository.js';
import { SessionChanges } from '../sessions/session-changes.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { ChangeListener } from './change-listener.js';

/** How far changes through other processes are behind, in milliseconds. */
const POLL_MS = 1_000;
/**
 * How far back every look goes: the clocks of two servers may differ so much, and a change may take
 * so long from its time to its commit.
 */
export const OVERLAP_MS = 10_000;
/** Of all listeners together, in one look. */
const MOST_CHANGES = 5_000;

/**
 * Tells listeners what changed. All of it is read from the database, so whichever process changed
 * something, the same is told; a change through this process is looked for at once, others once a
 * second, in one query of each kind for all users, and only while somebody listens.
 */
@Injectable()
export class ChangesHub implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Changes');
  private readonly listeners = new Map<string, Set<ChangeListener>>();
  private readonly announced = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private polling = false;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly changes: SessionChanges,
    private readonly sessions: SessionsRepository,
    private readonly folders: FoldersRepository,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.changes.subscribe((userId) => this.hear(userId));
  }

  onModuleDestroy(): void {
    this.unsubscribe();
    clearInterval(this.timer);
  }

  /** Tells it from now on, until what is returned is called. */
  add(listener: ChangeListener): () => void {
    const id = listener.userId.toHexString();
    const others = this.listeners.get(id) ?? new Set();
    this.listeners.set(id, others.add(listener));
    this.timer ??= setInterval(() => void this.poll(), POLL_MS);
    return () => {
      others.delete(listener);
      if (others.size === 0 && this.listeners.get(id) === others) this.listeners.delete(id);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  private hear(userId: string): void {
    if (!this.listeners.has(userId)) return;
    // Several announcements in a row are one look.
    if (this.announced.size === 0) setImmediate(() => void this.lookForAnnounced());
    this.announced.add(userId);
  }

  private async lookForAnnounced(): Promise<void> {
    const users = [...this.announced];
    this.announced.clear();
    await this.look(users);
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    await this.look([...this.listeners.keys()]);
    this.polling = false;
  }

  private async look(users: readonly string[]): Promise<void> {
    const since = Date.now() - OVERLAP_MS;
    try {
      const ids = users.map((id) => new Types.ObjectId(id));
      const [sessions, folders] = await Promise.all([
        this.sessions.changedSince(ids, new Date(since), MOST_CHANGES),
        this.folders.changedSince(ids, new Date(since)),
      ]);
      for (const id of users) {
        const theirs = sessions.filter(({ user_id }) => user_id.toHexString() === id);
        const theirFolders = folders.find(({ _id }) => _id.toHexString() === id);
        for (const listener of this.listeners.get(id) ?? []) {
          // One look more than needed: another may be under way that began earlier.
          listener.forgetBefore(since - OVERLAP_MS);
          listener.offer(theirs);
          if (theirFolders !== undefined) listener.offerFolders(theirFolders);
        }
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'Changes could not be read; trying again.');
    }
  }
}
