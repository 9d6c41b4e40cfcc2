import type { FastifyInstance } from 'fastify';

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
}

/** Which methods an address answers; for 405 and its `Allow` header (RFC 9110, section 15.5.6). */
export class RouteTable {
  private readonly routes: Route[] = [];

  /** Hears of every route that is registered from now on. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      const pattern = toPattern(url);
      for (const one of [method].flat()) this.routes.push({ method: one, pattern });
    });
  }

  /** The methods of this path, sorted; none where nothing is there. */
  methodsOf(path: string): string[] {
    const methods = this.routes
      .filter(({ pattern }) => pattern.test(path))
      .map(({ method }) => method);
    return [...new Set(methods)].sort();
  }
}

/** `/chat/sessions/:id/messages` and `/chat-ui/*`, as regular expressions over a whole path. */
function toPattern(url: string): RegExp {
  const source = url
    .replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replace(/:[A-Za-z_]+/g, '[^/]+');
  return new RegExp(`^${source}$`);
}
