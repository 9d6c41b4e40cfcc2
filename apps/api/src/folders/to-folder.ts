import type { Folder } from '@chat/shared-types';
import type { StoredFolder } from './folder.schema.js';

/** A stored folder as every call answers it. */
export function toFolder(folder: StoredFolder, sessionCount: number): Folder {
  return {
    _id: folder._id.toHexString(),
    user_id: folder.user_id.toHexString(),
    name: folder.name,
    parent_id: folder.parent_id?.toHexString() ?? null,
    color: folder.color,
    position: folder.position,
    session_count: sessionCount,
    created_at: folder.created_at.toISOString(),
    updated_at: folder.updated_at.toISOString(),
  };
}
