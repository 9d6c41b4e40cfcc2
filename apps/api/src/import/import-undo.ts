import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Types } from 'mongoose';
import { ProblemException } from '../common/problem/problem.exception.js';
import { FoldersService } from '../folders/folders.service.js';
import { LeftoversService } from '../leftovers/leftovers.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { StoredImport } from './import-job.schema.js';
import { ImportedSessionsRepository } from './imported-sessions.repository.js';
import { ImportsRepository } from './imports.repository.js';

const AT_ONCE = 500;

/** Takes an import back. Cut short, it does the rest when it is asked again. */
@Injectable()
export class ImportUndo implements OnModuleInit {
  constructor(
    private readonly imports: ImportsRepository,
    private readonly imported: ImportedSessionsRepository,
    private readonly sessions: SessionsService,
    private readonly folders: FoldersService,
    private readonly leftovers: LeftoversService,
  ) {}

  onModuleInit(): void {
    this.leftovers.onSweep((userId, sessionId) => this.imported.forget(userId, sessionId));
  }

  /**
   * Moves the sessions of an import that are still live to the trash, and deletes the folders that it
   * made where nothing is in them then.
   */
  async undo({ _id, user_id, folder_ids }: StoredImport): Promise<void> {
    const ids = await this.imported.ofImport(user_id, _id);
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const live = await this.imported.live(user_id, ids.slice(at, at + AT_ONCE));
      for (const id of live) await unlessGone(this.sessions.delete(user_id, id));
    }
    await this.removeEmptyFolders(user_id, folder_ids);
    await this.imports.markUndone(user_id, _id);
  }

  private async removeEmptyFolders(
    userId: Types.ObjectId,
    made: readonly Types.ObjectId[],
  ): Promise<void> {
    if (made.length === 0) return;
    const { rows } = await this.folders.list(userId, {});
    const mine = new Set(made.map((id) => id.toHexString()));
    const children = new Map<string, number>();
    for (const { parent_id } of rows) {
      if (parent_id !== null) children.set(parent_id, (children.get(parent_id) ?? 0) + 1);
    }
    const byId = new Map(rows.map((folder) => [folder._id, folder]));
    const isEmpty = (id: string): boolean =>
      mine.has(id) && byId.get(id)?.session_count === 0 && (children.get(id) ?? 0) === 0;
    const waiting = [...mine].filter(isEmpty);
    // What holds nothing but empty folders is empty once they are gone.
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      await unlessGone(this.folders.delete(userId, new Types.ObjectId(id)));
      const parent = byId.get(id)?.parent_id ?? null;
      if (parent === null) continue;
      children.set(parent, (children.get(parent) ?? 0) - 1);
      if (isEmpty(parent)) waiting.push(parent);
    }
  }
}

/** Whoever deleted it a moment before has done what was wanted. */
async function unlessGone(deletion: Promise<void>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof ProblemException && error.code === 'not-found')) throw error;
  }
}
