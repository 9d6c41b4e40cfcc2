/** The door of this feature: nothing else in it is imported from outside. */
export const ChatView = () => import('./ChatView.vue');
export const HomeView = () => import('./HomeView.vue');
export { useUserMessages } from './user-messages.js';
