export { default as MarkdownText } from './MarkdownText.vue';
export { prepareMarkdown } from './parser-loading.js';
