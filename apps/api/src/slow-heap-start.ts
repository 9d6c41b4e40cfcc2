import { growHeapSlowly } from './common/heap-growth.js';

/**
 * To be imported before anything else, and called once everything is loaded. The last collection of
 * the start says how far the heap grows before the next one comes, and on a server that has only just
 * begun that is within the first export or import.
 */
export const endHeapStart = growHeapSlowly();
