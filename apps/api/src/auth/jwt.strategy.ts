import { createSecretKey } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { JWT_ALGORITHM, JWT_SECRET } from './access-tokens.js';
import type { AuthenticatedUser } from './current-user.decorator.js';

const OBJECT_ID = /^[0-9a-f]{24}$/;

/**
 * Reads the access token of a request.
 *
 * It trusts the signature and asks no database. A token is good until it expires, unless its login
 * was ended before (signed out, revoked from another device, the password changed) or its user is
 * gone: `JwtAuthGuard` asks `Revocations`, which has that in memory, where it arrives within a few
 * seconds, whichever process ended it. A token of an earlier version names no login; it is good
 * until it expires.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(@Inject(JWT_SECRET) secret: string) {
    // As a text it would be tried as a public key first, with every token: three quarters of a
    // request's time. The library takes a key object; only its types do not know.
    const key = createSecretKey(secret, 'utf8');
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: key as unknown as Buffer,
      // Without a list a token could choose its algorithm itself (RFC 8725, section 3.1).
      algorithms: [JWT_ALGORITHM],
    });
  }

  /** Called by Passport once signature and expiry are good; undefined refuses the token. */
  validate({ sub, sid }: { sub?: unknown; sid?: unknown }): AuthenticatedUser | undefined {
    if (!isId(sub) || (sid !== undefined && !isId(sid))) return undefined;
    return sid === undefined ? { id: sub } : { id: sub, loginId: sid };
  }
}

function isId(claim: unknown): claim is string {
  return typeof claim === 'string' && OBJECT_ID.test(claim);
}
