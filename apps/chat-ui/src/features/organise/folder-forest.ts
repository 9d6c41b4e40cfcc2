import { LIMITS, type Folder } from '@chat/shared-types';

/** A folder as it stands in the tree that is shown. */
export interface FolderRow {
  folder: Folder;
  /** 1 at the top. */
  level: number;
  /** Among its siblings, from 1. */
  place: number;
  siblings: number;
  hasFolders: boolean;
  open: boolean;
}

/** A place in the tree: within a folder (null: at the top), before the sibling that is there. */
export interface FolderPlace {
  parentId: string | null;
  /** Among the siblings, the moved folder itself not counted. */
  position: number;
}

/** All folders of one user; nothing in it changes. */
export class FolderForest {
  private readonly byId: ReadonlyMap<string, Folder>;
  private readonly children = new Map<string | null, Folder[]>();

  constructor(readonly folders: readonly Folder[]) {
    this.byId = new Map(folders.map((folder) => [folder._id, folder]));
    for (const folder of [...folders].sort((a, b) => a.position - b.position)) {
      // While a list is on its way, a folder may be known before the one that holds it.
      const parentId = this.byId.has(folder.parent_id ?? '') ? folder.parent_id : null;
      const siblings = this.children.get(parentId);
      if (siblings) siblings.push(folder);
      else this.children.set(parentId, [folder]);
    }
  }

  get(id: string | null): Folder | undefined {
    return id === null ? undefined : this.byId.get(id);
  }

  /** In their order. */
  childrenOf(parentId: string | null): readonly Folder[] {
    return this.children.get(parentId) ?? [];
  }

  /** From the top down to the folder itself. */
  pathOf(id: string | null): Folder[] {
    const folder = this.get(id);
    return folder ? [...this.pathOf(folder.parent_id), folder] : [];
  }

  /** How many levels a folder and what it holds take. */
  heightOf(id: string): number {
    return 1 + Math.max(0, ...this.childrenOf(id).map(({ _id }) => this.heightOf(_id)));
  }

  /** Every folder in the order of the tree; of closed ones only themselves. */
  rows(isOpen: (id: string) => boolean, parentId: string | null = null, level = 1): FolderRow[] {
    const siblings = this.childrenOf(parentId);
    return siblings.flatMap((folder, at) => {
      const hasFolders = this.childrenOf(folder._id).length > 0;
      const open = hasFolders && isOpen(folder._id);
      const row = { folder, level, place: at + 1, siblings: siblings.length, hasFolders, open };
      return [row, ...(open ? this.rows(isOpen, folder._id, level + 1) : [])];
    });
  }

  /** Whether a folder may be moved there: not into itself, and no deeper than the limit. */
  canMove(id: string, parentId: string | null): boolean {
    const path = this.pathOf(parentId);
    if (path.some(({ _id }) => _id === id)) return false;
    return path.length + this.heightOf(id) <= LIMITS.folders.depth;
  }

  /** Whether a new folder may be made there. */
  canHoldMore(parentId: string | null): boolean {
    return this.pathOf(parentId).length < LIMITS.folders.depth;
  }

  placeOf(id: string): FolderPlace {
    const parentId = this.get(id)?.parent_id ?? null;
    return { parentId, position: this.childrenOf(parentId).findIndex(({ _id }) => _id === id) };
  }

  /** The folders as they are after one was moved; its old and its new siblings close up. */
  moved(id: string, { parentId, position }: FolderPlace): Folder[] {
    const folder = this.get(id);
    if (!folder) return [...this.folders];
    const left = this.childrenOf(folder.parent_id).filter(({ _id }) => _id !== id);
    const siblings = this.childrenOf(parentId).filter(({ _id }) => _id !== id);
    siblings.splice(position, 0, { ...folder, parent_id: parentId });
    return this.replaced([
      ...(folder.parent_id === parentId ? [] : numbered(left)),
      ...numbered(siblings),
    ]);
  }

  /** The folders as they are after one was deleted: what it holds comes behind its siblings. */
  dissolved(id: string): Folder[] {
    const folder = this.get(id);
    if (!folder) return [...this.folders];
    const parentId = folder.parent_id;
    const others = this.childrenOf(parentId).filter(({ _id }) => _id !== id);
    const freed = this.childrenOf(id).map((child) => ({ ...child, parent_id: parentId }));
    const parent = this.get(parentId);
    const count = { session_count: (parent?.session_count ?? 0) + folder.session_count };
    const changed = [
      ...numbered([...others, ...freed]),
      ...(parent ? [{ ...parent, ...count }] : []),
    ];
    return this.replaced(changed).filter(({ _id }) => _id !== id);
  }

  private replaced(changed: readonly Folder[]): Folder[] {
    const news = new Map(changed.map((folder) => [folder._id, folder]));
    return this.folders.map((folder) => news.get(folder._id) ?? folder);
  }
}

function numbered(siblings: readonly Folder[]): Folder[] {
  return siblings.map((folder, position) => ({ ...folder, position }));
}
