import { createHash } from 'node:crypto';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Types } from 'mongoose';
import { EventStreams } from '../common/sse/event-streams.js';
import { AppConfig } from '../config/app-config.js';
import type { AuthenticatedUser } from './current-user.decorator.js';
import { RevocationsRepository } from './revocations.repository.js';

/** How far this process is behind the others, in milliseconds. */
const POLL_MS = 1_000;
/**
 * How far back every look goes: the clocks of two servers may differ so much, and a revocation may
 * take so long from its time to its commit.
 */
const OVERLAP_MS = 15_000;
/** The longest that any process may let an access token live (`ACCESS_TOKEN_TTL`), in seconds. */
const LONGEST_TOKEN_SECONDS = 86_400;

/** Whose access tokens are refused from now on. */
export type Revoked =
  | { readonly kind: 'login'; readonly id: Types.ObjectId }
  | { readonly kind: 'user'; readonly id: Types.ObjectId };

/**
 * Ends access tokens before they expire: those of a login that was ended, those of a user who is
 * gone.
 *
 * A token is checked against what this process holds in memory, so no request asks the database.
 * What was revoked stands there for the other processes; each looks once a second, in one short
 * query. It is kept only as long as a token can be good.
 */
@Injectable()
export class Revocations implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Auth');
  /** Until when each is remembered, in milliseconds, by its key. */
  private readonly known = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  /** When the last look began that succeeded. */
  private lookedAt: number | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly revocations: RevocationsRepository,
    private readonly streams: EventStreams,
    private readonly config: AppConfig,
  ) {}

  /** Before the server listens: also what was revoked while it was not there. */
  async onApplicationBootstrap(): Promise<void> {
    await this.read();
    this.timer = setInterval(() => void this.look(), POLL_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Whether an access token that speaks for this user is refused. */
  covers({ id, loginId }: AuthenticatedUser): boolean {
    if (this.known.size === 0) return false;
    if (this.known.has(keyOf('user', id))) return true;
    return loginId !== undefined && this.known.has(keyOf('login', loginId));
  }

  /**
   * Writes down what is to be revoked, in the transaction that ends it.
   *
   * @returns what makes it hold in this process, to be called after the commit; the others learn of
   *   it within a few seconds.
   */
  async store(revoked: readonly Revoked[]): Promise<() => void> {
    const now = new Date();
    const expiresAt = this.expiryAt(now);
    const keys = revoked.map(({ kind, id }) => keyOf(kind, id.toHexString()));
    await this.revocations.add(keys, now, expiresAt);
    return () => this.remember(keys.map((key) => [key, expiresAt.getTime()]));
  }

  /** Learns what was revoked through any process. */
  private async read(): Promise<void> {
    const began = Date.now();
    const since = (this.lookedAt ?? began - LONGEST_TOKEN_SECONDS * 1000) - OVERLAP_MS;
    const records = await this.revocations.since(new Date(since));
    this.lookedAt = began;
    this.remember(records.map(({ _id, expires_at }) => [_id, expires_at.getTime()]));
    for (const [key, until] of this.known) if (until < began) this.known.delete(key);
  }

  private look(): Promise<void> {
    this.looking ??= this.read()
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'Ended logins could not be read; trying again.');
      })
      .finally(() => {
        this.looking = undefined;
      });
    return this.looking;
  }

  private remember(revoked: readonly (readonly [key: string, until: number])[]): void {
    const before = this.known.size;
    for (const [key, until] of revoked) this.known.set(key, until);
    if (this.known.size === before) return;
    this.streams.endOf((user) => this.covers(user));
  }

  /** A token that was signed a moment ago by a process whose clock is ahead is covered too. */
  private expiryAt(now: Date): Date {
    return new Date(now.getTime() + this.config.accessTokenSeconds * 1000 + OVERLAP_MS);
  }
}

/** @param id 24 hex digits. */
function keyOf(kind: Revoked['kind'], id: string): string {
  return createHash('sha256').update(`${kind}:${id}`).digest('base64url');
}
