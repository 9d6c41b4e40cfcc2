import { encodeDocument } from './encode.js';
import type { Value } from './values.js';

/**
 * Whether two values are the same bytes: 1 and 1.0 are equal to a query, but writing one over the
 * other changes the document.
 */
export function identical(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a === null || b === null) return false;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  return encodeDocument({ value: a }).equals(encodeDocument({ value: b }));
}
