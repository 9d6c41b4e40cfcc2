import { describeError } from '../../app/api-error.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import type { FolderPlace } from './folder-forest.js';
import { useFoldersStore } from './folders.store.js';

/** A step that the keyboard or a menu moves a folder by. */
export type FolderStep = 'up' | 'down' | 'in' | 'out';

/** Moving folders, and saying where they went. */
export function useFolderMoves() {
  const folders = useFoldersStore();

  /** Where a step leads; undefined where it leads nowhere. */
  function stepFrom(folderId: string, step: FolderStep): FolderPlace | undefined {
    const { forest } = folders;
    const { parentId, position } = forest.placeOf(folderId);
    const siblings = forest.childrenOf(parentId);
    switch (step) {
      case 'up':
        return position > 0 ? { parentId, position: position - 1 } : undefined;
      case 'down':
        return position < siblings.length - 1 ? { parentId, position: position + 1 } : undefined;
      case 'out': {
        if (parentId === null) return undefined;
        const parent = forest.placeOf(parentId);
        return { parentId: parent.parentId, position: parent.position + 1 };
      }
      case 'in': {
        const before = siblings[position - 1];
        if (!before || !forest.canMove(folderId, before._id)) return undefined;
        return { parentId: before._id, position: forest.childrenOf(before._id).length };
      }
    }
  }

  /** Moves a folder; says it when it is done, and why when it is not. */
  async function move(folderId: string, place: FolderPlace): Promise<void> {
    const folder = folders.get(folderId);
    const parent = folders.get(place.parentId);
    if (!folder) return;
    const moving = folders.move(folderId, place);
    const count = folders.forest.childrenOf(place.parentId).length;
    const within = parent ? ` in ${parent.name}` : '';
    announce(`${folder.name} is now ${place.position + 1} of ${count}${within}.`);
    try {
      await moving;
    } catch (error) {
      showToast({ text: `The folder was not moved. ${describeError(error)}`, tone: 'danger' });
    }
  }

  /** @returns whether the step led anywhere; said aloud where it did not. */
  async function step(folderId: string, by: FolderStep): Promise<boolean> {
    const place = stepFrom(folderId, by);
    if (!place) {
      announce('It cannot be moved further that way.');
      return false;
    }
    await move(folderId, place);
    return true;
  }

  return { move, step, stepFrom };
}
