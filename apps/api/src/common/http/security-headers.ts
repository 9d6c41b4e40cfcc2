import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Everything from this host alone; Reka UI positions floating elements by style attributes. */
const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Swagger UI starts itself with an inline script. */
const DOCS_POLICY = PAGE_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'");

/** The headers that keep browsers from doing what the page never needs. */
export async function addSecurityHeaders(fastify: FastifyInstance): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: false,
    // Whether a host is reachable by https alone is for whoever runs the proxy in front to say.
    strictTransportSecurity: false,
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const isDocs = /^\/docs(?:\/|\?|$)/.test(request.url);
    reply.header('Content-Security-Policy', isDocs ? DOCS_POLICY : PAGE_POLICY);
    done();
  });
}
