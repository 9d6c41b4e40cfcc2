import { Types } from 'mongoose';
import { invalidField } from '../problem/problem.exception.js';

/** A place in a list that is sorted by a time and, among equals, by id. */
export interface Position {
  readonly time: Date;
  readonly id: Types.ObjectId;
}

const ID = /^[0-9a-f]{24}$/;
const POINTER = '?cursor';

/**
 * A position as an opaque text that names its list, so that it is refused in any other.
 *
 * @param list what makes two lists different: kind, owner of the rows, order, filter.
 */
export function encodeCursor(list: string, { time, id }: Position): string {
  return Buffer.from(JSON.stringify([list, time.getTime(), id.toHexString()])).toString(
    'base64url',
  );
}

/** @throws a 400 for a text that is no cursor of this list. */
export function decodeCursor(list: string, cursor: string): Position {
  const parts = parse(cursor);
  if (parts === undefined) {
    throw invalidField(POINTER, 'This is no cursor. Take it from the Link header of a page.');
  }
  const [name, time, id] = parts;
  if (name !== list) {
    throw invalidField(POINTER, 'This cursor belongs to another list. Start again without one.');
  }
  return { time: new Date(time), id: new Types.ObjectId(id) };
}

function parse(cursor: string): readonly [string, number, string] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [list, time, id] = value as unknown[];
  const wellFormed =
    typeof list === 'string' &&
    typeof time === 'number' &&
    !Number.isNaN(new Date(time).getTime()) &&
    typeof id === 'string' &&
    ID.test(id);
  return wellFormed ? [list, time, id] : undefined;
}
