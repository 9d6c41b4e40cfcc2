import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { ProblemException } from '../problem/problem.exception.js';

/**
 * Lets some routes receive files, part by part and never into memory; the others go on answering
 * 415 to a multipart body. To be called after `addBodyParsers`. The limits are those of each route.
 *
 * @param routes as they were registered: `/chat/import`.
 */
export async function addMultipart(
  fastify: FastifyInstance,
  routes: readonly string[],
): Promise<void> {
  await fastify.register(multipart, { throwFileSizeLimit: false });
  // Behind the guard, as every other parser's answer, yet before a handler sees a body.
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const type = request.headers['content-type'] ?? '';
    const isRefused =
      /^multipart\/form-data\b/i.test(type) && !routes.includes(request.routeOptions.url ?? '');
    done(isRefused ? new ProblemException('unsupported-media-type') : null, payload);
  });
}
