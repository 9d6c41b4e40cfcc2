import { Types } from 'mongoose';
import { invalidField, type ProblemException } from '../problem/problem.exception.js';

/** A place in a list that is sorted by a time and, among equals, by id. */
export interface Position {
  readonly time: Date;
  readonly id: Types.ObjectId;
}

const ID = /^[0-9a-f]{24}$/;
const NUMBER = /^[1-9]\d{0,14}$/;
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
  return decodeCursorOfParts([list], cursor).position;
}

/**
 * A position in a list of several parts, each sorted for itself and with a name of its own.
 *
 * @throws a 400 for a text that is no cursor of any of them.
 */
export function decodeCursorOfParts<Part extends string>(
  parts: readonly Part[],
  cursor: string,
): { readonly part: Part; readonly position: Position } {
  const decoded = parsePosition(cursor);
  if (decoded === undefined) throw noCursor();
  const [name, time, id] = decoded;
  const part = parts.find((one) => one === name);
  if (part === undefined) throw foreignCursor();
  return { part, position: { time: new Date(time), id: new Types.ObjectId(id) } };
}

/** The same for a list that is sorted by a text, which no two rows share. */
export function encodeTextCursor(list: string, text: string): string {
  return Buffer.from(JSON.stringify([list, text])).toString('base64url');
}

/** @throws a 400 for a text that is no cursor of this list. */
export function decodeTextCursor(list: string, cursor: string): string {
  const value = parse(cursor);
  if (value?.length !== 2) throw noCursor();
  const [name, text] = value;
  if (typeof text !== 'string') throw noCursor();
  if (name !== list) throw foreignCursor();
  return text;
}

/** The same for a list that is sorted by whole numbers from 1, which no two rows share. */
export function encodeNumberCursor(list: string, number: number): string {
  return encodeTextCursor(list, String(number));
}

/** @throws a 400 for a text that is no cursor of this list. */
export function decodeNumberCursor(list: string, cursor: string): number {
  const text = decodeTextCursor(list, cursor);
  if (!NUMBER.test(text)) throw noCursor();
  return Number(text);
}

function noCursor(): ProblemException {
  return invalidField(POINTER, 'This is no cursor. Take it from the Link header of a page.');
}

function foreignCursor(): ProblemException {
  return invalidField(POINTER, 'This cursor belongs to another list. Start again without one.');
}

function parse(cursor: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function parsePosition(cursor: string): readonly [string, number, string] | undefined {
  const value = parse(cursor);
  if (value?.length !== 3) return undefined;
  const [list, time, id] = value;
  const wellFormed =
    typeof list === 'string' &&
    typeof time === 'number' &&
    !Number.isNaN(new Date(time).getTime()) &&
    typeof id === 'string' &&
    ID.test(id);
  return wellFormed ? [list, time, id] : undefined;
}
