import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from '../common/problem/problem.exception.js';
import type { AuthenticatedUser } from './current-user.decorator.js';
import { IS_PUBLIC } from './public.decorator.js';
import { Revocations } from './revocations.js';

const NO_TOKEN = 'Bearer';
const BAD_TOKEN = 'Bearer error="invalid_token"';

/**
 * Asks for an access token on every route that `@Public()` does not open.
 *
 * Passport was written for Express; with a callback, as `AuthGuard` uses it, it reads the headers
 * of a request and leaves the response alone, which is all the same on Fastify.
 */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(
    private readonly reflector: Reflector,
    private readonly revocations: Revocations,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
    const open = this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    return open === true || super.canActivate(context);
  }

  /** Called by Passport: the user that `JwtStrategy` returned, or false. A token may be revoked. */
  override handleRequest<User>(
    error: unknown,
    user: User | false | null | undefined,
    _info: unknown,
    context: ExecutionContext,
  ): User {
    if (error instanceof Error) throw error;
    // The base class lets any type through; the strategy returns this one.
    if (user && !this.revocations.covers(user as unknown as AuthenticatedUser)) return user;
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    throw new ProblemException('authentication-required', {
      headers: { 'WWW-Authenticate': challenge(authorization) },
    });
  }
}

/** RFC 6750, section 3.1: who sent no token is told no error. */
function challenge(authorization: string | undefined): string {
  return /^bearer\s/i.test(authorization ?? '') ? BAD_TOKEN : NO_TOKEN;
}
