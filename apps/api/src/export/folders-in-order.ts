import type { ExportedFolder } from '@chat/shared-types';
import type { Types } from 'mongoose';

/** A folder as far as an export reads it. */
export type FolderToExport = Omit<
  ExportedFolder,
  '_id' | 'parent_id' | 'created_at' | 'updated_at'
> & {
  readonly _id: Types.ObjectId;
  readonly parent_id: Types.ObjectId | null;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** Every folder before those in it, neighbours by their positions. */
export function foldersInOrder(folders: readonly FolderToExport[]): ExportedFolder[] {
  const ids = new Set(folders.map(({ _id }) => _id.toHexString()));
  const inParent = new Map<string | null, ExportedFolder[]>();
  for (const folder of folders) {
    const parent = folder.parent_id?.toHexString() ?? null;
    const parent_id = parent !== null && ids.has(parent) ? parent : null;
    const children = inParent.get(parent_id) ?? [];
    children.push(toExportedFolder(folder, parent_id));
    inParent.set(parent_id, children);
  }
  for (const children of inParent.values()) children.sort(byPosition);
  const ordered = [...(inParent.get(null) ?? [])];
  for (const { _id } of ordered) ordered.push(...(inParent.get(_id) ?? []));
  return ordered;
}

function byPosition(a: ExportedFolder, b: ExportedFolder): number {
  return a.position - b.position || (a._id < b._id ? -1 : 1);
}

function toExportedFolder(folder: FolderToExport, parent_id: string | null): ExportedFolder {
  return {
    _id: folder._id.toHexString(),
    name: folder.name,
    parent_id,
    color: folder.color,
    position: folder.position,
    created_at: folder.created_at.toISOString(),
    updated_at: folder.updated_at.toISOString(),
  };
}
