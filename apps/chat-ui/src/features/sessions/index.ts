/** The door of this feature: nothing else in it is imported from outside. */
export { default as SessionDeletion } from './SessionDeletion.vue';
export { default as SessionSidebar } from './SessionSidebar.vue';
export { default as SessionTitleField } from './SessionTitleField.vue';
export { useSessionsStore } from './sessions.store.js';
export { askingToDelete, askToDelete } from './use-session-deletion.js';
export { useSessionNavigation } from './use-session-navigation.js';
export { useSessionRename } from './use-session-rename.js';
