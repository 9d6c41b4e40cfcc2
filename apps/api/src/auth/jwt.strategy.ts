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
 * It trusts the signature and asks no database: a token stays good until it expires, also after a
 * logout or a change of the password. Its short life bounds that; what ends at once is the refresh
 * token.
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
  validate({ sub }: { sub?: unknown }): AuthenticatedUser | undefined {
    return typeof sub === 'string' && OBJECT_ID.test(sub) ? { id: sub } : undefined;
  }
}
