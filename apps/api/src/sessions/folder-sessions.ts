import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { SessionBulkRepository } from './session-bulk.repository.js';
import { SessionChanges } from './session-changes.js';
import { SessionHooks, type ClaimFolder } from './session-hooks.js';
import { SessionListsRepository } from './session-lists.repository.js';

/** Sessions as the room of the folders needs them. */
@Injectable()
export class FolderSessions {
  constructor(
    private readonly lists: SessionListsRepository,
    private readonly bulk: SessionBulkRepository,
    private readonly hooks: SessionHooks,
    private readonly changes: SessionChanges,
  ) {}

  /** Called once, at the start: who answers whether there is a folder. */
  claimFoldersThrough(claim: ClaimFolder): void {
    this.hooks.claimFoldersThrough(claim);
  }

  /** How many live sessions are right in each folder that holds any, by its id. */
  countByFolder(userId: Types.ObjectId): Promise<ReadonlyMap<string, number>> {
    return this.lists.countByFolder(userId);
  }

  /** How many live sessions are right in one folder. */
  countIn(userId: Types.ObjectId, folderId: Types.ObjectId): Promise<number> {
    return this.lists.countIn(userId, folderId);
  }

  /** Moves all sessions of a folder, those in the trash too, in the caller's transaction. */
  moveAll(userId: Types.ObjectId, from: Types.ObjectId, to: Types.ObjectId | null): Promise<void> {
    return this.bulk.moveAll(userId, from, to);
  }

  /** Tells those who follow a user's changes to look, after the commit. */
  announce(userId: Types.ObjectId): void {
    this.changes.announce(userId);
  }
}
