/** The door of this feature: nothing else in it is imported from outside. */
export const FolderPanel = () => import('./FolderPanel.vue');
export const FolderPicker = () => import('./FolderPicker.vue');
export const TagEditor = () => import('./TagEditor.vue');
export const TagPicker = () => import('./TagPicker.vue');
export { beginFolder, folderDraft } from './folder-draft.js';
export { useFoldersStore } from './folders.store.js';
export { dragSessions } from './session-drag.js';
export { isAlike, tagKey } from './tags.js';
