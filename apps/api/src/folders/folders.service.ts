import { LIMITS, type ExportedFolder, type Folder } from '@chat/shared-types';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Types } from 'mongoose';
import { KeyedQueue } from '../common/concurrency/keyed-queue.js';
import { mapPage, type Page, type PageRequest } from '../common/paging/page.js';
import { invalidField, notFound, ProblemException } from '../common/problem/problem.exception.js';
import { LeftoversService } from '../leftovers/leftovers.service.js';
import { Transactions } from '../persistence/transactions.js';
import { FolderSessions } from '../sessions/folder-sessions.js';
import { FolderForest } from './folder-forest.js';
import type { StoredFolder } from './folder.schema.js';
import { FoldersRepository, type FolderSettings } from './folders.repository.js';
import { toFolder } from './to-folder.js';

/** A folder that is about to be made, or what of it changes. */
export interface FolderChanges extends FolderSettings {
  /** Null for the top; where it is when absent. */
  readonly parentId?: Types.ObjectId | null;
  /** Among its siblings; the last where it is beyond them. */
  readonly position?: number;
}

const { depth: DEEPEST, count: MOST } = LIMITS.folders;
const LAST = Number.MAX_SAFE_INTEGER;

/**
 * What an owner may do with folders. What is missing or foreign is one 404. All folders of a user
 * are a forest of five levels at most: each change first holds all of them, through any process.
 */
@Injectable()
export class FoldersService implements OnModuleInit {
  /** Waiting here is cheaper than transactions that make each other start again. */
  private readonly queue = new KeyedQueue();

  constructor(
    private readonly folders: FoldersRepository,
    private readonly sessions: FolderSessions,
    private readonly transactions: Transactions,
    private readonly leftovers: LeftoversService,
  ) {}

  onModuleInit(): void {
    this.leftovers.onAccountSweep((userId) => this.folders.forgetChanges(userId));
    this.sessions.claimFoldersThrough(async (userId, folderId) => {
      if (!(await this.folders.claim(userId, folderId))) throw notFound();
    });
  }

  async list(userId: Types.ObjectId, request: PageRequest): Promise<Page<Folder>> {
    const page = await this.folders.list(userId, request);
    const counts = await this.sessions.countByFolder(userId);
    return mapPage(page, (folder) => toFolder(folder, counts.get(folder._id.toHexString()) ?? 0));
  }

  /** @throws a 400 where there would be too many, or too many levels. */
  create(
    userId: Types.ObjectId,
    { name, color = null, parentId = null }: FolderChanges & { readonly name: string },
  ): Promise<Folder> {
    const _id = new Types.ObjectId();
    return this.changing(userId, async (forest) => {
      assertRoom(forest, 1);
      assertFits(forest, idOf(parentId), 1);
      const now = new Date();
      const folder: StoredFolder = {
        _id,
        user_id: userId,
        name,
        color,
        parent_id: parentId,
        position: forest.childrenOf(idOf(parentId)).length,
        claims: 0,
        created_at: now,
        updated_at: now,
      };
      await this.folders.insert([folder]);
      return toFolder(folder, 0);
    });
  }

  /** @throws a 400 where there would be a cycle, or too many levels. */
  update(userId: Types.ObjectId, id: Types.ObjectId, changes: FolderChanges): Promise<Folder> {
    const { parentId, position, ...settings } = changes;
    const key = id.toHexString();
    return this.changing(userId, async (forest, stored) => {
      const folder = stored.find(({ _id }) => _id.equals(id));
      if (folder === undefined) throw notFound();
      const target = parentId === undefined ? idOf(folder.parent_id) : idOf(parentId);
      if (target !== idOf(folder.parent_id) || position !== undefined) {
        if (forest.isWithin(target, key)) {
          throw invalidField(
            '/parent_id',
            'A folder cannot be moved into itself or into a folder that it holds.',
          );
        }
        assertFits(forest, target, forest.heightOf(key));
        await this.folders.place(userId, forest.placing(key, target, position ?? LAST));
      }
      const changed = await this.folders.change(userId, id, settings);
      if (changed === null) throw notFound();
      return toFolder(changed, await this.sessions.countIn(userId, id));
    });
  }

  /** Deletes a folder; what it holds, sessions in the trash too, moves to its parent. */
  async delete(userId: Types.ObjectId, id: Types.ObjectId): Promise<void> {
    await this.changing(userId, async (forest, stored) => {
      const folder = stored.find(({ _id }) => _id.equals(id));
      if (folder === undefined) throw notFound();
      await this.folders.delete(userId, id);
      await this.folders.place(userId, forest.dissolving(id.toHexString()));
      await this.sessions.moveAll(userId, id, folder.parent_id);
    });
  }

  /**
   * Makes folders that were exported, with their times, behind those that there are.
   *
   * @param exported parents before their children, and siblings in their order.
   * @returns the ids that they were given, by those that they had. One whose parent is not among
   *   them, or would be too deep, comes to the nearest place there is.
   * @throws a 400 where there would be too many.
   */
  recreate(
    userId: Types.ObjectId,
    exported: readonly ExportedFolder[],
  ): Promise<ReadonlyMap<string, Types.ObjectId>> {
    const ids = new Map(exported.map(({ _id }) => [_id, new Types.ObjectId()]));
    return this.changing(userId, async (forest) => {
      assertRoom(forest, exported.length);
      const made = new Map<string, { depth: number; parent: Types.ObjectId | null }>();
      const sizes = new Map<string | null, number>();
      const rows = exported.map((folder): StoredFolder => {
        const outer = folder.parent_id === null ? undefined : made.get(folder.parent_id);
        const given = outer === undefined ? null : (ids.get(folder.parent_id ?? '') ?? null);
        const isTooDeep = (outer?.depth ?? 0) >= DEEPEST;
        const parent = isTooDeep ? (outer?.parent ?? null) : given;
        const depth = isTooDeep ? DEEPEST : (outer?.depth ?? 0) + 1;
        made.set(folder._id, { depth, parent });
        const key = idOf(parent);
        const position = sizes.get(key) ?? forest.childrenOf(key).length;
        sizes.set(key, position + 1);
        return {
          _id: ids.get(folder._id) ?? new Types.ObjectId(),
          user_id: userId,
          name: folder.name,
          color: folder.color,
          parent_id: parent,
          position,
          claims: 0,
          created_at: new Date(folder.created_at),
          updated_at: new Date(folder.updated_at),
        };
      });
      if (rows.length > 0) await this.folders.insert(rows);
      return ids;
    });
  }

  private async changing<T>(
    userId: Types.ObjectId,
    change: (forest: FolderForest, stored: readonly StoredFolder[]) => Promise<T>,
  ): Promise<T> {
    const result = await this.queue.run(userId.toHexString(), async () => {
      await this.folders.prepare(userId);
      return this.transactions.run(async () => {
        const stored = await this.folders.hold(userId);
        return change(forestOf(stored), stored);
      });
    });
    this.sessions.announce(userId);
    return result;
  }
}

function forestOf(stored: readonly StoredFolder[]): FolderForest {
  return new FolderForest(
    stored.map(({ _id, parent_id, position }) => ({
      id: _id.toHexString(),
      parentId: idOf(parent_id),
      position,
    })),
  );
}

function idOf(id: Types.ObjectId | null): string | null {
  return id?.toHexString() ?? null;
}

function assertRoom(forest: FolderForest, more: number): void {
  if (forest.size + more <= MOST) return;
  throw new ProblemException('invalid-request', {
    detail: `There can be at most ${MOST} folders. Delete one that is not needed first.`,
  });
}

/** @param height of what is put into the folder (null: to the top). */
function assertFits(forest: FolderForest, parentId: string | null, height: number): void {
  if (parentId !== null && !forest.has(parentId)) throw notFound();
  if (forest.depthOf(parentId) + height <= DEEPEST) return;
  throw invalidField('/parent_id', `Folders can be nested at most ${DEEPEST} levels deep.`);
}
