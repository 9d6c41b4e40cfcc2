import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import { decodeTextCursor, encodeTextCursor, type Position } from '../common/paging/cursor.js';
import { invalidField } from '../common/problem/problem.exception.js';

/** Where something stands in the order of its stretch. */
export interface Place {
  /** `classOf` of its tier. */
  readonly classes: readonly number[];
  readonly position: Position;
}

/** How far somebody has read the answer to a search. */
export interface SearchPosition {
  /** Which tier, from 0. */
  readonly tier: number;
  /** Behind what the stretch begins; absent for the first one of a tier. */
  readonly after?: Position;
  /** The last of the stretch, where something of it was read and more of the tier follows it. */
  readonly upTo?: Position;
  /** The last of the stretch that was read. */
  readonly read?: Place;
  /** How many results were answered before. */
  readonly count: number;
}

type Packed = readonly [time: number, id: string];

/** @returns the position as an opaque text that belongs to this question alone. */
export function encodeSearchCursor(question: string, position: SearchPosition): string {
  const { tier, after, upTo, read, count } = position;
  return encodeTextCursor(
    listName(question),
    JSON.stringify([
      tier,
      pack(after),
      pack(upTo),
      read === undefined ? null : [read.classes, pack(read.position)],
      count,
    ]),
  );
}

/** @throws a 400 for what is no cursor of this question. */
export function decodeSearchCursor(question: string, cursor: string): SearchPosition {
  const text = decodeTextCursor(listName(question), cursor);
  const value: unknown = parse(text);
  if (!isPacked(value)) {
    throw invalidField('?cursor', 'This is no cursor. Take it from the Link header of a page.');
  }
  const [tier, after, upTo, read, count] = value;
  return {
    tier,
    count,
    ...(after === null ? {} : { after: unpack(after) }),
    ...(upTo === null ? {} : { upTo: unpack(upTo) }),
    ...(read === null ? {} : { read: { classes: read[0], position: unpack(read[1]) } }),
  };
}

/** Smaller classes first, then newest first. */
export function comparePlaces(a: Place, b: Place): number {
  for (const [i, one] of a.classes.entries()) {
    const other = b.classes[i] ?? 0;
    if (one !== other) return one - other;
  }
  const byTime = b.position.time.getTime() - a.position.time.getTime();
  if (byTime !== 0) return byTime;
  const [one, other] = [a.position.id.toHexString(), b.position.id.toHexString()];
  return one === other ? 0 : one > other ? -1 : 1;
}

/** The question itself can be as long as a request; it only has to be the same. */
function listName(question: string): string {
  return `search/${createHash('sha256').update(question).digest('base64url').slice(0, 16)}`;
}

function pack(position: Position | undefined): Packed | null {
  return position === undefined ? null : [position.time.getTime(), position.id.toHexString()];
}

function unpack([time, id]: Packed): Position {
  return { time: new Date(time), id: new Types.ObjectId(id) };
}

type PackedPosition = readonly [
  number,
  Packed | null,
  Packed | null,
  readonly [readonly number[], Packed] | null,
  number,
];

function isPacked(value: unknown): value is PackedPosition {
  if (!Array.isArray(value) || value.length !== 5) return false;
  const [tier, after, upTo, read, count] = value as unknown[];
  return (
    isCount(tier) &&
    isCount(count) &&
    (after === null || isPlace(after)) &&
    (upTo === null || isPlace(upTo)) &&
    (read === null || isRead(read))
  );
}

function isRead(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [classes, position] = value as unknown[];
  return (
    Array.isArray(classes) && classes.every((one) => typeof one === 'number') && isPlace(position)
  );
}

function isPlace(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [time, id] = value as unknown[];
  return isTime(time) && typeof id === 'string' && /^[0-9a-f]{24}$/.test(id);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime());
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
