import { readonly, shallowRef } from 'vue';

const draft = shallowRef<{ parentId: string | null } | null>(null);

/** The folder that is about to be made: the tree shows a field for its name. */
export const folderDraft = readonly(draft);

/** @param parentId the folder that is to hold it; null for the top. */
export function beginFolder(parentId: string | null = null): void {
  draft.value = { parentId };
}

export function endFolderDraft(): void {
  draft.value = null;
}
