/** The door of this feature: nothing else in it is imported from outside. */
export const OrganiseDialogs = () => import('./OrganiseDialogs.vue');
export { default as SessionDeletion } from './SessionDeletion.vue';
export { default as SessionSidebar } from './SessionSidebar.vue';
export { default as SessionTitleField } from './SessionTitleField.vue';
export { useSelectionStore } from './selection.store.js';
export { useSessionsStore } from './sessions.store.js';
export {
  abandonQuestion,
  askingToOrganise,
  endQuestion,
  organiseQuestion,
} from './use-organise-dialogs.js';
export { useReadMark } from './use-read-mark.js';
export { useSessionMenu } from './use-session-menu.js';
export { useSessionActions } from './use-session-actions.js';
export { askingToDelete, askToDelete } from './use-session-deletion.js';
export { storedFilter } from './use-session-filter.js';
export { useSessionNavigation } from './use-session-navigation.js';
export { useSessionRename } from './use-session-rename.js';
