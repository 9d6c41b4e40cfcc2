export * from './auth.js';
export * from './headers.js';
export * from './limits.js';
export * from './message.js';
export * from './paging.js';
export * from './problem.js';
export * from './session.js';
