/** Keys from `from` (inclusive) to `to` (exclusive), compared as unsigned bytes. */
export interface KeyRange {
  readonly from: Buffer;
  readonly to: Buffer;
}

/** The first 8 bytes after an index key hold the record id, so a prefix ends below 0xFF. */
const ABOVE = Buffer.from([0xff]);

/** Everything that starts with `prefix`. */
export function prefixRange(prefix: Buffer): KeyRange {
  return { from: prefix, to: Buffer.concat([prefix, ABOVE]) };
}

/** An index key with the record it leads to; ties in an index are in record order. */
export function entryKey(key: Buffer, rid: number): Buffer {
  const entry = Buffer.allocUnsafe(key.length + 8);
  key.copy(entry);
  // As two halves: a BigInt takes longer than the rest.
  entry.writeUInt32BE(Math.floor(rid / 2 ** 32), key.length);
  entry.writeUInt32BE(rid % 2 ** 32, key.length + 4);
  return entry;
}

/** The record id at the end of a key (see `View.tails`). */
export function recordOf(tail: string): number {
  const start = tail.length - 8;
  let rid = 0;
  for (let at = start; at < tail.length; at++) rid = rid * 256 + tail.charCodeAt(at);
  return rid;
}

/** The smallest key above `key`. */
export function keyAfter(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.from([0])]);
}
