import { HEADERS } from '@chat/shared-types';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { trusted, type QueryFilter, type Types } from 'mongoose';
import { encodeCursor, type Position } from './cursor.js';

/** Which part of a list is asked for; all of it without a limit. */
export interface PageRequest {
  readonly limit?: number;
  readonly after?: Position;
}

/** A part of a list, with the position of its last row where more follow. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly next?: Position;
}

/** The sort of a list, as MongoDB takes it: one field with a time, then the id. */
export type SortDirection = 1 | -1;

/**
 * The condition for the rows behind a position, in the form that an index over (`field`, `_id`)
 * serves as one range after the other.
 */
export function behind<Row extends { _id: Types.ObjectId }>(
  field: string,
  direction: SortDirection,
  position: Position | undefined,
): QueryFilter<Row> {
  if (position === undefined) return {};
  const beyond = direction === 1 ? '$gt' : '$lt';
  const { time, id } = position;
  return {
    $or: [
      { [field]: trusted({ [beyond]: time }) },
      { [field]: time, _id: trusted({ [beyond]: id }) },
    ],
  };
}

/** How many rows to read for a page: one more than are shown tells whether another page follows. */
export function rowsToRead({ limit }: PageRequest): number {
  return limit === undefined ? 0 : limit + 1;
}

/** Cuts off the row that was read only to know whether more follow. */
export function toPage<Row extends { _id: Types.ObjectId }>(
  rows: Row[],
  { limit }: PageRequest,
  timeOf: (row: Row) => Date,
): Page<Row> {
  if (limit === undefined || rows.length <= limit) return { rows };
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return last === undefined
    ? { rows: shown }
    : { rows: shown, next: { time: timeOf(last), id: last._id } };
}

/** The same page with every row turned into what is answered. */
export function mapPage<Row, Answer>(
  { rows, next }: Page<Row>,
  toAnswer: (row: Row) => Answer,
): Page<Answer> {
  return { rows: rows.map(toAnswer), ...(next === undefined ? {} : { next }) };
}

/** Announces the next page of a list that is sorted by a time: `linkNextCursor`. */
export function linkNextPage(
  request: FastifyRequest,
  reply: FastifyReply,
  list: string,
  next: Position | undefined,
): void {
  linkNextCursor(request, reply, next && encodeCursor(list, next));
}

/**
 * Announces the next page (RFC 8288): the address of this one with another cursor, as a reference
 * relative to the request, so that it is right behind any proxy.
 */
export function linkNextCursor(
  request: FastifyRequest,
  reply: FastifyReply,
  cursor: string | undefined,
): void {
  if (cursor === undefined) return;
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  reply.header(HEADERS.link, `<${path}?${parameters.toString()}>; rel="next"`);
}
