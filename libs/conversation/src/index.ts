export * from './branches.js';
export * from './offshoots.js';
export * from './tree.js';
