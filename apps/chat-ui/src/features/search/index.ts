/** The door of this feature: nothing else in it is imported from outside. */
export { default as SearchButton } from './SearchButton.vue';
export { default as SearchLayer } from './SearchLayer.vue';
