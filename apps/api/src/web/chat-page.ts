import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemException } from '../common/problem/problem.exception.js';
import type { ProblemFilter } from '../common/problem/problem.filter.js';

const PREFIX = '/chat-ui';
/** Files whose name holds a hash of their content never change. */
const HASHED = '/assets/';
const ONE_YEAR = 'public, max-age=31536000, immutable';

/**
 * Serves the built page at `/chat-ui`: its files as they are, and for every other address below,
 * which the page's own router understands, `index.html`. A file that is not there is a 404, never
 * the page: a browser would take its HTML for the script or style that it asked for.
 *
 * @param pageDir what the page's build made.
 */
export async function serveChatPage(
  fastify: FastifyInstance,
  pageDir: string,
  problems: ProblemFilter,
): Promise<void> {
  fastify.get('/', (_request, reply) => reply.redirect(PREFIX, 302));
  const notBuilt = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    problems.answer(pageMissing(), request, reply);
    return reply;
  };
  const isBuilt = (): boolean => existsSync(join(pageDir, 'index.html'));
  if (!isBuilt()) {
    fastify.get(PREFIX, notBuilt);
    fastify.get(`${PREFIX}/*`, notBuilt);
    return;
  }
  await fastify.register(fastifyStatic, {
    root: pageDir,
    prefix: `${PREFIX}/`,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('Cache-Control', path.includes(HASHED) ? ONE_YEAR : 'no-cache');
    },
  });
  // A build that runs beside the server takes the file away for a while.
  const shell = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    isBuilt() ? reply.sendFile('index.html') : notBuilt(request, reply);
  fastify.get(PREFIX, shell);
  fastify.get(`${PREFIX}/*`, (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const isFile = path.startsWith(PREFIX + HASHED) || extname(path) !== '';
    if (!isFile) return shell(request, reply);
    problems.answer(new ProblemException('unknown-route'), request, reply);
    return reply;
  });
}

function pageMissing(): ProblemException {
  return new ProblemException('unavailable', {
    detail: 'The page is not built. Run "npm run build" and start the server again.',
  });
}
