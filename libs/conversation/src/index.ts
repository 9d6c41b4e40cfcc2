export * from './branches.js';
export * from './tree.js';
