import { HEADERS, type SortOrder } from '@chat/shared-types';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageBetween } from './message-lists.service.js';

/**
 * Announces the pages on both sides of one that was asked for around a message (RFC 8288): `next`
 * goes on in its order, `prev` in the other. Both are references relative to the request.
 */
export function linkBothWays(
  request: FastifyRequest,
  reply: FastifyReply,
  order: SortOrder,
  { next, prev }: PageBetween<unknown>,
): void {
  const [path = '', query = ''] = request.url.split('?', 2);
  const link = (relation: string, way: SortOrder, cursor: string | undefined): string[] => {
    if (cursor === undefined) return [];
    const parameters = new URLSearchParams(query);
    parameters.delete('around');
    parameters.set('order', way);
    parameters.set('cursor', cursor);
    return [`<${path}?${parameters.toString()}>; rel="${relation}"`];
  };
  const links = [
    ...link('next', order, next),
    ...link('prev', order === 'asc' ? 'desc' : 'asc', prev),
  ];
  if (links.length > 0) reply.header(HEADERS.link, links.join(', '));
}
