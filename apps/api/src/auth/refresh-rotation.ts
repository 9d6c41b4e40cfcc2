import { createHash, randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Types } from 'mongoose';
import type { Page, PageRequest } from '../common/paging/page.js';
import { ProblemException } from '../common/problem/problem.exception.js';
import { AppConfig } from '../config/app-config.js';
import { Transactions } from '../persistence/transactions.js';
import type { RefreshTokenRecord } from './refresh-token.schema.js';
import { RefreshTokensRepository } from './refresh-tokens.repository.js';
import { Revocations } from './revocations.js';

const TOKEN_BYTES = 32;

/** A refresh token for the browser, and whose it is. */
export interface IssuedRefreshToken {
  /** 43 characters of base64url. */
  readonly token: string;
  /** 24 hex digits. */
  readonly userId: string;
  /** 24 hex digits: of the login that it goes on with. */
  readonly loginId: string;
  readonly lifetimeSeconds: number;
}

interface Family {
  readonly userId: Types.ObjectId;
  readonly familyId: Types.ObjectId;
}

/** What of a caller says which login is its own: either, or both. */
export interface OwnLogin {
  /** The refresh token that came along. */
  readonly refreshToken: string | undefined;
  /** That of the access token, 24 hex digits; tokens of earlier versions name none. */
  readonly loginId: string | undefined;
}

/**
 * Logins that last: each refresh exchanges the token for a new one of the same family, and a token
 * that comes a second time ends the family, because one of the two who sent it stole it (RFC 9700,
 * section 4.14.2). Whatever ends a login ends its access tokens too (`Revocations`).
 */
@Injectable()
export class RefreshRotation {
  private readonly logger = new Logger(RefreshRotation.name);

  constructor(
    private readonly tokens: RefreshTokensRepository,
    private readonly revocations: Revocations,
    private readonly transactions: Transactions,
    private readonly config: AppConfig,
  ) {}

  /**
   * Starts a family: the first token of a login.
   *
   * @param device what it came from, in words.
   */
  start(userId: Types.ObjectId, device: string): Promise<IssuedRefreshToken> {
    return this.issue({ userId, familyId: new Types.ObjectId() }, device);
  }

  /**
   * Exchanges a token for the next one.
   *
   * @throws ProblemException 401 where it is unknown, expired, revoked, or was used before.
   */
  async rotate(token: string, device: string): Promise<IssuedRefreshToken> {
    const hash = hashOf(token);
    const now = new Date();
    const next = await this.transactions.run(async () => {
      const used = await this.tokens.markUsed(hash, now);
      return used && this.issue({ userId: used.user_id, familyId: used.family_id }, device);
    });
    if (next !== null) return next;
    // Out of the transaction above: what is thrown there would undo the revocation.
    const reused = await this.tokens.find(hash, now);
    if (reused !== null) {
      this.logger.warn(`A refresh token of user ${reused.user_id.toHexString()} came twice.`);
      await this.revoke(token);
    }
    throw new ProblemException('session-expired');
  }

  /** Ends the family of this token, used or not; does nothing where it is unknown or expired. */
  async revoke(token: string): Promise<void> {
    // In one transaction, so that it and a refresh at the same moment exclude each other: both
    // write the family's newest token.
    await this.ending(async () => {
      const found = await this.tokens.find(hashOf(token), new Date());
      if (found === null) return [];
      await this.tokens.deleteFamily(found.user_id, found.family_id);
      return [found.family_id];
    });
  }

  /** Ends one login of a user. @returns whether there was one. */
  async revokeLogin(userId: Types.ObjectId, loginId: Types.ObjectId): Promise<boolean> {
    const ended = await this.ending(async () =>
      (await this.tokens.deleteFamily(userId, loginId)) ? [loginId] : [],
    );
    return ended.length > 0;
  }

  /** Ends every login of a user but that of the caller; all of them where it has none. */
  async revokeOthers(userId: Types.ObjectId, own: OwnLogin): Promise<void> {
    await this.ending(async () => {
      const kept = await this.familiesOf(userId, own);
      const all = await this.tokens.families(userId);
      const others = all.filter((id) => !kept.has(id.toHexString()));
      await this.tokens.deleteFamilies(userId, others);
      return others;
    });
  }

  /** Deletes every token of a user, in the transaction of the caller, who revokes the user. */
  async forget(userId: Types.ObjectId): Promise<void> {
    await this.tokens.deleteFamilies(userId, await this.tokens.families(userId));
  }

  /** The newest token of every login of a user that lasts, the last renewed first. */
  logins(userId: Types.ObjectId, request: PageRequest): Promise<Page<RefreshTokenRecord>> {
    return this.tokens.newest(userId, new Date(), request);
  }

  /** The logins of this user that the caller shows to be its own, as 24 hex digits each. */
  async familiesOf(
    userId: Types.ObjectId,
    { refreshToken, loginId }: OwnLogin,
  ): Promise<ReadonlySet<string>> {
    const own =
      refreshToken === undefined ? null : await this.tokens.find(hashOf(refreshToken), new Date());
    return new Set([
      ...(own?.user_id.equals(userId) === true ? [own.family_id.toHexString()] : []),
      ...(loginId === undefined ? [] : [loginId]),
    ]);
  }

  /** Runs what ends logins, and their access tokens with them. @returns which those were. */
  private async ending(end: () => Promise<Types.ObjectId[]>): Promise<Types.ObjectId[]> {
    let apply = (): void => undefined;
    const ended = await this.transactions.run(async () => {
      const logins = await end();
      apply = await this.revocations.store(logins.map((id) => ({ kind: 'login', id })));
      return logins;
    });
    apply();
    return ended;
  }

  private async issue({ userId, familyId }: Family, device: string): Promise<IssuedRefreshToken> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const lifetimeSeconds = this.config.refreshTokenSeconds;
    await this.tokens.add({
      hash: hashOf(token),
      userId,
      familyId,
      deviceName: device,
      expiresAt: new Date(Date.now() + lifetimeSeconds * 1000),
    });
    return {
      token,
      userId: userId.toHexString(),
      loginId: familyId.toHexString(),
      lifetimeSeconds,
    };
  }
}

/** A token is 256 random bits: there is nothing to guess, so a fast hash without salt will do. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
