import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/**
 * Argon2id (the default algorithm of the package) with 19 MiB of memory, 2 passes and 1 thread: the
 * first recommendation of the OWASP Password Storage Cheat Sheet. A hash carries its parameters, so
 * raising these does not lock anyone out.
 */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashes and checks passwords. The work is done outside of the event loop. */
@Injectable()
export class Passwords {
  /** What a password is checked against where there is no user; made early, so no login waits for it. */
  private readonly decoy = hash(randomBytes(32), PARAMETERS);

  /** @returns a PHC string. */
  hash(password: string): Promise<string> {
    return hash(canonical(password), PARAMETERS);
  }

  /**
   * Whether the password belongs to the hash.
   *
   * @param stored undefined where there is no such user: the answer is false, after the same work,
   *   so that the time it takes does not tell which names exist.
   */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    const matches = await verify(stored ?? (await this.decoy), canonical(password));
    return stored !== undefined && matches;
  }
}

/** Two keyboards may send one character in two ways (NIST SP 800-63B, section 5.1.1.2). */
function canonical(password: string): string {
  return password.normalize('NFKC');
}
