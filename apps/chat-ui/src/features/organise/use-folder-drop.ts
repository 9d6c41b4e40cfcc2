import { ref } from 'vue';
import type { FolderForest, FolderPlace } from './folder-forest.js';
import { draggedKind, droppedFolder, droppedSessions } from './session-drag.js';

/** Where in a row something is let go: on it, or between it and its neighbours. */
type Edge = 'before' | 'into' | 'after';

/** This much of a row's height at either end means the gap beside it. */
const EDGE_SHARE = 0.28;

interface DropTarget {
  folderId: string;
  edge: Edge;
}

/** Rows of the tree as targets for dragged chats and folders. */
export function useFolderDrop(
  forest: () => FolderForest,
  on: {
    sessions: (sessionIds: string[], folderId: string) => void;
    folder: (folderId: string, place: FolderPlace) => void;
  },
) {
  const target = ref<DropTarget | null>(null);
  /** The folder on its way, which a browser does not tell before it is dropped. */
  const moving = ref<string | null>(null);

  function edgeAt(event: DragEvent): Edge {
    const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const share = (event.clientY - top) / height;
    if (share < EDGE_SHARE) return 'before';
    return share > 1 - EDGE_SHARE ? 'after' : 'into';
  }

  function placeAt({ folderId, edge }: DropTarget, movedId: string): FolderPlace {
    if (edge === 'into') {
      const inside = forest().childrenOf(folderId);
      return { parentId: folderId, position: inside.filter(({ _id }) => _id !== movedId).length };
    }
    const parentId = forest().placeOf(folderId).parentId;
    const siblings = forest()
      .childrenOf(parentId)
      .filter(({ _id }) => _id !== movedId);
    const at = siblings.findIndex(({ _id }) => _id === folderId);
    return { parentId, position: edge === 'before' ? at : at + 1 };
  }

  function over(event: DragEvent, folderId: string): void {
    const kind = draggedKind(event);
    if (kind === undefined) return;
    const edge = kind === 'sessions' ? 'into' : edgeAt(event);
    const wanted = { folderId, edge };
    const id = moving.value;
    if (kind === 'folder') {
      if (id === null || id === folderId) return;
      if (!forest().canMove(id, placeAt(wanted, id).parentId)) return;
    }
    event.preventDefault();
    target.value = wanted;
  }

  function drop(event: DragEvent): void {
    const at = target.value;
    target.value = null;
    if (!at) return;
    event.preventDefault();
    const folderId = droppedFolder(event);
    if (folderId !== undefined) on.folder(folderId, placeAt(at, folderId));
    else {
      const sessionIds = droppedSessions(event);
      if (sessionIds.length > 0) on.sessions(sessionIds, at.folderId);
    }
  }

  function end(): void {
    target.value = null;
    moving.value = null;
  }

  return { target, moving, over, drop, leave: () => (target.value = null), end };
}
