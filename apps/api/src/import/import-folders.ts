import { FOLDER_COLORS, indexBehind, LIMITS, type ExportedFolder } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { Types } from 'mongoose';
import { ProblemException } from '../common/problem/problem.exception.js';
import { FoldersService } from '../folders/folders.service.js';
import { Remarks } from './formats/remarks.js';
import { wellFormed } from './formats/texts.js';
import { Times } from './formats/times.js';
import { textOf, type JsonObject } from './reading/json-value.js';

/** Where the folders of an export are in the account. */
export interface MatchedFolders {
  /** By the ids that they had; undefined for one that could not be made. */
  readonly idOf: (sourceId: string) => Types.ObjectId | undefined;
  readonly made: readonly Types.ObjectId[];
  /** Why some could not be made, a sentence. */
  readonly problem?: string;
}

const MOST_ID = 100;

/**
 * Finds the folders of an export again by their names and those of the folders around them, and
 * makes the others, so that an export that is imported twice does not double them.
 */
@Injectable()
export class ImportFolders {
  constructor(private readonly folders: FoldersService) {}

  /** @param now when the import began. */
  async match(
    userId: Types.ObjectId,
    rows: readonly JsonObject[],
    now: Date,
  ): Promise<MatchedFolders> {
    const exported = parentsFirst(rows, now);
    const there = (await this.folders.list(userId, {})).rows;
    const known = new Map(
      there.map((folder) => [keyOf(folder.parent_id, folder.name), folder._id]),
    );
    const ids = new Map<string, Types.ObjectId>();
    const missing: ExportedFolder[] = [];
    for (const folder of exported) {
      const parent = folder.parent_id === null ? null : ids.get(folder.parent_id)?.toHexString();
      const found = parent === undefined ? undefined : known.get(keyOf(parent, folder.name));
      if (found === undefined) missing.push(folder);
      else ids.set(folder._id, new Types.ObjectId(found));
    }
    return this.make(userId, missing, ids);
  }

  /** What would be made goes with its times where it begins at the top. */
  private async make(
    userId: Types.ObjectId,
    missing: readonly ExportedFolder[],
    ids: Map<string, Types.ObjectId>,
  ): Promise<MatchedFolders> {
    const made: Types.ObjectId[] = [];
    const idOf = (id: string): Types.ObjectId | undefined => ids.get(id);
    const atTop = new Set<string>();
    for (const { _id, parent_id } of missing) {
      if (parent_id === null || atTop.has(parent_id)) atTop.add(_id);
    }
    try {
      const recreated = await this.folders.recreate(
        userId,
        missing.filter(({ _id }) => atTop.has(_id)),
      );
      for (const [id, folderId] of recreated) {
        ids.set(id, folderId);
        made.push(folderId);
      }
      for (const folder of missing.filter(({ _id }) => !atTop.has(_id))) {
        const parentId = ids.get(folder.parent_id ?? '') ?? null;
        const { name, color } = folder;
        const { _id } = await this.folders.create(userId, { name, color, parentId });
        const folderId = new Types.ObjectId(_id);
        ids.set(folder._id, folderId);
        made.push(folderId);
      }
    } catch (error) {
      if (!(error instanceof ProblemException)) throw error;
      return { idOf, made, problem: error.toProblem('').detail };
    }
    return { idOf, made };
  }
}

function keyOf(parentId: string | null, name: string): string {
  return `${parentId ?? ''}/${name}`;
}

/**
 * The folders of a file that can be folders, each behind the one that holds it and siblings in their
 * order. What lies in nothing that is there, or in itself, comes to the top.
 */
function parentsFirst(rows: readonly JsonObject[], now: Date): ExportedFolder[] {
  const times = new Times(now, new Remarks());
  const byId = new Map<string, ExportedFolder>();
  for (const row of rows) {
    const folder = toFolder(row, times);
    if (folder !== undefined && !byId.has(folder._id)) byId.set(folder._id, folder);
  }
  const order: ExportedFolder[] = [];
  const done = new Set<string>();
  const sorted = [...byId.values()].sort((a, b) => a.position - b.position);
  for (const start of sorted) {
    const path: ExportedFolder[] = [];
    const seen = new Set<string>();
    let at: ExportedFolder | undefined = start;
    while (at !== undefined && !done.has(at._id) && !seen.has(at._id)) {
      path.unshift(at);
      seen.add(at._id);
      at = byId.get(at.parent_id ?? '');
    }
    for (const folder of path) {
      const isThere = folder.parent_id !== null && done.has(folder.parent_id);
      order.push({ ...folder, parent_id: isThere ? folder.parent_id : null });
      done.add(folder._id);
    }
  }
  return order;
}

function toFolder(row: JsonObject, times: Times): ExportedFolder | undefined {
  const id = textOf(row._id);
  const given = wellFormed(textOf(row.name) ?? '', new Remarks()).trim();
  const name = given.slice(0, indexBehind(given, LIMITS.folderName.max)).trim();
  if (id === undefined || id.length > MOST_ID || name === '') return undefined;
  const createdAt = times.read(row.created_at) ?? times.now;
  return {
    _id: id,
    name,
    parent_id: textOf(row.parent_id) ?? null,
    color: FOLDER_COLORS.find((color) => color === row.color) ?? null,
    position: typeof row.position === 'number' ? row.position : 0,
    created_at: createdAt.toISOString(),
    updated_at: (times.read(row.updated_at) ?? createdAt).toISOString(),
  };
}
