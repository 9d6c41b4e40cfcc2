/** The door of this feature: nothing else in it is imported from outside. */
export { default as TrashLink } from './TrashLink.vue';
export const TrashView = () => import('./TrashView.vue');
