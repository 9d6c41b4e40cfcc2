/** The door of this feature: nothing else in it is imported from outside. */
export { listenForChanges, onUserChange, type ChangeListener } from './change-feed.js';
