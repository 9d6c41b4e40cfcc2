import type { LoginRequest, RefreshResponse, TokenResponse } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { ProblemException } from '../common/problem/problem.exception.js';
import { AccessTokens } from './access-tokens.js';
import { deviceName } from './device-name.js';
import { toUser } from './dto/user.dto.js';
import { LoginThrottle } from './login-throttle.js';
import { Passwords } from './passwords.js';
import { RefreshRotation, type IssuedRefreshToken } from './refresh-rotation.js';
import { UsersRepository } from './users.repository.js';

/** What a login and a refresh hand out: one token for the body, one for the cookie. */
export interface SignedIn<Body extends TokenResponse = TokenResponse> {
  readonly body: Body;
  readonly refresh: IssuedRefreshToken;
}

/** What signs in. */
export interface LoginClient {
  /** Its address, to count its tries. */
  readonly address: string;
  /** What it says of itself: the header as it came. */
  readonly userAgent: string | undefined;
}

/** Signing in, staying signed in, signing out. */
@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly accessTokens: AccessTokens,
    private readonly rotation: RefreshRotation,
    private readonly throttle: LoginThrottle,
  ) {}

  /**
   * @throws ProblemException 401 for any wrong pair, 429 after too many.
   */
  async login(
    { username, password }: LoginRequest,
    { address, userAgent }: LoginClient,
  ): Promise<SignedIn> {
    const attempt = await this.throttle.begin(username, address);
    const user = await this.users.findByUsername(username);
    const correct = await this.passwords.verify(user?.password_hash, password);
    if (user === null || !correct) throw wrongCredentials();

    const refresh = await this.rotation.start(user._id, deviceName(userAgent));
    // The password may have been changed since it was read. A change first stores the new hash and
    // then revokes: either it finds the token that was just stored, or the new hash is seen here.
    const current = await this.users.findById(refresh.userId);
    if (current?.password_hash !== user.password_hash) {
      await this.rotation.revoke(refresh.token);
      throw wrongCredentials();
    }
    await attempt.succeeded();
    return this.signedIn(refresh);
  }

  /** @throws ProblemException 401 where the token is absent, unknown, expired, revoked or was used. */
  async refresh(
    token: string | undefined,
    userAgent: string | undefined,
  ): Promise<SignedIn<RefreshResponse>> {
    if (token === undefined) throw new ProblemException('session-expired');
    const refresh = await this.rotation.rotate(token, deviceName(userAgent));
    const [{ body }, user] = await Promise.all([
      this.signedIn(refresh),
      this.users.findById(refresh.userId),
    ]);
    if (user === null) throw new ProblemException('session-expired');
    return { body: { ...body, user: toUser(user) }, refresh };
  }

  /** Ends the login that the token belongs to; done already where there is none. */
  async logout(token: string | undefined): Promise<void> {
    if (token !== undefined) await this.rotation.revoke(token);
  }

  private async signedIn(refresh: IssuedRefreshToken): Promise<SignedIn> {
    return {
      body: {
        access_token: await this.accessTokens.sign(refresh.userId, refresh.loginId),
        token_type: 'bearer',
        expires_in: this.accessTokens.lifetimeSeconds,
      },
      refresh,
    };
  }
}

/** One answer for a wrong name and a wrong password. */
function wrongCredentials(): ProblemException {
  // Every 401 names a scheme (RFC 9110, section 11.6.1).
  return new ProblemException('invalid-credentials', { headers: { 'WWW-Authenticate': 'Bearer' } });
}
