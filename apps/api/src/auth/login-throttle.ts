import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ProblemException } from '../common/problem/problem.exception.js';
import { AppConfig } from '../config/app-config.js';
import { addressBlock } from './address-block.js';
import { LoginAttemptsRepository } from './login-attempts.repository.js';

/**
 * An address may fail for several names: an office behind one address has many people. It is still
 * a limit on trying one common password on every name.
 */
const NAMES_PER_ADDRESS = 10;

/** One try that was let through. */
export interface LoginAttempt {
  /** Takes the try back: the password was right. */
  succeeded(): Promise<void>;
}

interface Counter {
  readonly key: string;
  readonly limit: number;
}

/**
 * Slows down guessing of passwords. A try is counted before the password is looked at, so that
 * tries at the same moment cannot slip past the limit together, and a right one is taken back.
 * Names are counted as they were typed, whether such a user exists or not.
 */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly attempts: LoginAttemptsRepository,
    private readonly config: AppConfig,
  ) {}

  /**
   * @param address of the client.
   * @throws ProblemException 429 with `Retry-After`, until the current window of time has passed.
   */
  async begin(username: string, address: string, now = Date.now()): Promise<LoginAttempt> {
    const windowMs = this.config.loginWindowSeconds * 1000;
    // Windows have fixed bounds, so the key tells them apart and nothing has to be reset.
    const window = Math.floor(now / windowMs);
    const endsAt = (window + 1) * windowMs;
    const from = addressBlock(address);
    const limit = this.config.loginAttempts;
    const pair: Counter = { key: key('pair', username.toLowerCase(), from, window), limit };
    const source: Counter = { key: key('source', from, window), limit: limit * NAMES_PER_ADDRESS };

    for (const counter of [pair, source]) {
      const count = await this.attempts.increment(counter.key, new Date(endsAt));
      // At once, so that someone who keeps trying one name does not use up the tries of all others
      // at the same address.
      if (count > counter.limit) throw tooMany(endsAt - now);
    }
    return {
      succeeded: async () => {
        await Promise.all([this.attempts.clear(pair.key), this.attempts.decrement(source.key)]);
      },
    };
  }
}

function tooMany(waitMs: number): ProblemException {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ProblemException('too-many-requests', { headers: { 'Retry-After': String(seconds) } });
}

function key(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
