import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from '../common/problem/problem.exception.js';
import { isForeign } from './request-origin.js';

/**
 * Keeps pages of other origins from signing a browser in, refreshing or signing out on its user's
 * behalf. `SameSite=Strict` keeps the cookie from other sites; it neither covers neighbours on the
 * same site (another port, another subdomain) nor a login that plants a stranger's cookie.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers, host } = context.switchToHttp().getRequest<FastifyRequest>();
    const site = headers['sec-fetch-site'];
    const foreign = isForeign({
      site: typeof site === 'string' ? site : undefined,
      origin: headers.origin,
      host,
    });
    if (foreign) {
      throw new ProblemException('forbidden', {
        detail: "This request must come from the server's own pages.",
      });
    }
    return true;
  }
}
