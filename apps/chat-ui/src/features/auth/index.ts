/** The door of this feature: nothing else in it is imported from outside. */
export { useAuthStore, type AuthStatus } from './auth.store.js';
export const LoginView = () => import('./LoginView.vue');
export const RegisterView = () => import('./RegisterView.vue');
export { default as UserPanel } from './UserPanel.vue';
