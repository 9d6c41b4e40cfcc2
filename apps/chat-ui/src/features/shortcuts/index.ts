/** The door of this feature: nothing else in it is imported from outside. */
export { default as ShortcutsLayer } from './ShortcutsLayer.vue';
