import { createHash, randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Types } from 'mongoose';
import { ProblemException } from '../common/problem/problem.exception.js';
import { AppConfig } from '../config/app-config.js';
import { Transactions } from '../persistence/transactions.js';
import { RefreshTokensRepository } from './refresh-tokens.repository.js';

const TOKEN_BYTES = 32;

/** A refresh token for the browser, and whose it is. */
export interface IssuedRefreshToken {
  /** 43 characters of base64url. */
  readonly token: string;
  /** 24 hex digits. */
  readonly userId: string;
  readonly lifetimeSeconds: number;
}

interface Family {
  readonly userId: Types.ObjectId;
  readonly familyId: Types.ObjectId;
}

/**
 * Logins that last: each refresh exchanges the token for a new one of the same family, and a token
 * that comes a second time ends the family, because one of the two who sent it stole it (RFC 9700,
 * section 4.14.2).
 */
@Injectable()
export class RefreshRotation {
  private readonly logger = new Logger(RefreshRotation.name);

  constructor(
    private readonly tokens: RefreshTokensRepository,
    private readonly transactions: Transactions,
    private readonly config: AppConfig,
  ) {}

  /** Starts a family: the first token of a login. */
  start(userId: Types.ObjectId): Promise<IssuedRefreshToken> {
    return this.issue({ userId, familyId: new Types.ObjectId() });
  }

  /**
   * Exchanges a token for the next one.
   *
   * @throws ProblemException 401 where it is unknown, expired, revoked, or was used before.
   */
  async rotate(token: string): Promise<IssuedRefreshToken> {
    const hash = hashOf(token);
    const now = new Date();
    const next = await this.transactions.run(async () => {
      const used = await this.tokens.markUsed(hash, now);
      return used && this.issue({ userId: used.user_id, familyId: used.family_id });
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
    await this.transactions.run(async () => {
      const found = await this.tokens.find(hashOf(token), new Date());
      if (found !== null) await this.tokens.deleteFamily(found.user_id, found.family_id);
    });
  }

  /**
   * Ends every login of a user but that of the caller.
   *
   * @param token the caller's own; all logins end where it is absent or of another user.
   */
  async revokeOthers(userId: Types.ObjectId, token: string | undefined): Promise<void> {
    await this.transactions.run(async () => {
      const own = token === undefined ? null : await this.tokens.find(hashOf(token), new Date());
      const kept = own?.user_id.equals(userId) ? own.family_id : undefined;
      await this.tokens.deleteFamiliesExcept(userId, kept);
    });
  }

  private async issue({ userId, familyId }: Family): Promise<IssuedRefreshToken> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const lifetimeSeconds = this.config.refreshTokenSeconds;
    await this.tokens.add({
      hash: hashOf(token),
      userId,
      familyId,
      expiresAt: new Date(Date.now() + lifetimeSeconds * 1000),
    });
    return { token, userId: userId.toHexString(), lifetimeSeconds };
  }
}

/** A token is 256 random bits: there is nothing to guess, so a fast hash without salt will do. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
