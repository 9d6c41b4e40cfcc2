import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { notFound } from '../common/problem/problem.exception.js';
import type { StoredSession } from './session.schema.js';

/** Runs in the transaction that deletes sessions of a user, after they went to the trash. */
export type DeletionHook = (
  userId: Types.ObjectId,
  sessionIds: readonly Types.ObjectId[],
  deletedAt: Date,
) => Promise<void>;

/** Runs in the transaction that restores sessions of a user, after they left the trash. */
export type RestoreHook = (
  userId: Types.ObjectId,
  sessionIds: readonly Types.ObjectId[],
) => Promise<void>;

/** Runs in the transaction that gives a session its title, the first or another one. */
export type TitleHook = (session: StoredSession) => Promise<void>;

/** Runs in the transaction that stores a session as a whole, which no other call made. */
export type StorageHook = (session: StoredSession) => Promise<void>;

/** Shows the branch of a message, in the caller's transaction; a 404 where there is none. */
export type ShowBranch = (
  userId: Types.ObjectId,
  sessionId: Types.ObjectId,
  messageId: Types.ObjectId,
) => Promise<void>;

/**
 * Holds a folder until the caller's transaction ends, so that nobody deletes it meanwhile; a 404
 * where the user has none such.
 */
export type ClaimFolder = (userId: Types.ObjectId, folderId: Types.ObjectId) => Promise<void>;

/**
 * What other rooms, which this one does not know, do when something becomes of a session. They
 * register at their start.
 */
@Injectable()
export class SessionHooks {
  private readonly deletionHooks: DeletionHook[] = [];
  private readonly restoreHooks: RestoreHook[] = [];
  private readonly storageHooks: StorageHook[] = [];
  private readonly titleHooks: TitleHook[] = [];
  private branchShower: ShowBranch = () => Promise.reject(notFound());
  private folderClaimer: ClaimFolder = () => Promise.reject(notFound());

  onDelete(hook: DeletionHook): void {
    this.deletionHooks.push(hook);
  }

  onRestore(hook: RestoreHook): void {
    this.restoreHooks.push(hook);
  }

  onTitled(hook: TitleHook): void {
    this.titleHooks.push(hook);
  }

  onStored(hook: StorageHook): void {
    this.storageHooks.push(hook);
  }

  showBranchesThrough(showBranch: ShowBranch): void {
    this.branchShower = showBranch;
  }

  claimFoldersThrough(claim: ClaimFolder): void {
    this.folderClaimer = claim;
  }

  readonly deleted: DeletionHook = async (userId, sessionIds, deletedAt) => {
    for (const hook of this.deletionHooks) await hook(userId, sessionIds, deletedAt);
  };

  readonly restored: RestoreHook = async (userId, sessionIds) => {
    for (const hook of this.restoreHooks) await hook(userId, sessionIds);
  };

  readonly titled: TitleHook = async (session) => {
    for (const hook of this.titleHooks) await hook(session);
  };

  readonly stored: StorageHook = async (session) => {
    for (const hook of this.storageHooks) await hook(session);
  };

  readonly showBranch: ShowBranch = (...of) => this.branchShower(...of);

  readonly claimFolder: ClaimFolder = (...of) => this.folderClaimer(...of);
}
