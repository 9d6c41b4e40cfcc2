/** The door of this feature: nothing else in it is imported from outside. */
export { useAssistantsStore } from './assistants.store.js';
export { default as ModelPicker } from './ModelPicker.vue';
export { default as SystemPromptDialog } from './SystemPromptDialog.vue';
