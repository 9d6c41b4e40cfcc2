import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AppConfig } from '../config/app-config.js';

/** Injection token of the key that signs access tokens. */
export const JWT_SECRET = Symbol('JWT_SECRET');

/** The only algorithm that is signed with and accepted. */
export const JWT_ALGORITHM = 'HS256';

/** Signs access tokens (RFC 7519); `JwtStrategy` reads them. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly config: AppConfig,
  ) {}

  /** Seconds until a token that is signed now expires. */
  get lifetimeSeconds(): number {
    return this.config.accessTokenSeconds;
  }

  /**
   * @param userId 24 hex digits; becomes the `sub` claim.
   * @param loginId 24 hex digits; becomes `sid` (OpenID Connect Front-Channel Logout, section 3),
   *   so that the token ends with its login.
   */
  sign(userId: string, loginId: string): Promise<string> {
    return this.jwt.signAsync({ sub: userId, sid: loginId });
  }
}
