import type { Folder } from '@chat/shared-types';
import { describeError } from '../../app/api-error.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { foldersApi } from './organise.api.js';
import { useFoldersStore } from './folders.store.js';

/** Deletes folders, and builds them anew for who changes their mind. */
export function useFolderDeletion(onRefiled: (from: string, to: string | null) => void) {
  const folders = useFoldersStore();

  async function remove(folder: Folder): Promise<void> {
    const { forest } = folders;
    const position = forest.placeOf(folder._id).position;
    const inner = forest.childrenOf(folder._id).map(({ _id }) => _id);
    try {
      const sessionIds = await foldersApi.sessionIds(folder._id);
      await folders.remove(folder._id);
      onRefiled(folder._id, folder.parent_id);
      showToast({
        text: `Deleted the folder “${folder.name}”.`,
        action: {
          label: 'Undo',
          run: () => void rebuild({ ...folder, position }, inner, sessionIds),
        },
      });
    } catch (error) {
      showToast({ text: `The folder was not deleted. ${describeError(error)}`, tone: 'danger' });
    }
  }

  /** Puts it back where it was, with what it held and what is still there. */
  async function rebuild(folder: Folder, inner: readonly string[], sessionIds: readonly string[]) {
    const { name, color, parent_id, position } = folder;
    try {
      const parentId = folders.get(parent_id) ? parent_id : null;
      const { _id } = await folders.create({ name, color, parent_id: parentId });
      await folders.move(_id, { parentId, position });
      for (const [at, id] of inner.entries()) {
        if (folders.get(id)) await folders.move(id, { parentId: _id, position: at });
      }
      await foldersApi.fill(_id, sessionIds);
      onRefiled(folder._id, _id);
      folders.refreshSoon();
      announce(`The folder ${name} is back.`);
    } catch (error) {
      showToast({ text: `The folder is not whole. ${describeError(error)}`, tone: 'danger' });
    }
  }

  return { remove };
}
