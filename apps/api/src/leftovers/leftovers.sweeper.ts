import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Types } from 'mongoose';
import { LeftoversService } from './leftovers.service.js';

const EVERY_MS = 60 * 60 * 1000;
/** More than what is due within the same second is one more look, not a busy loop. */
const SOONEST_MS = 100;

/**
 * Sweeps at the start, every hour, and when somebody asks for it. Nothing waits for it: what it
 * removes cannot be reached any more.
 */
@Injectable()
export class LeftoversSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Leftovers');
  private readonly running = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;

  constructor(private readonly leftovers: LeftoversService) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweepAll(), EVERY_MS);
    void this.sweepAll();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.soon);
    await this.idle();
    clearTimeout(this.soon);
  }

  /** Removes what is due of one user's sessions. To be called after the transaction, not within. */
  sweepNow(userId: Types.ObjectId): Promise<void> {
    return this.guarded(() => this.leftovers.removeSessions(new Date(), userId));
  }

  /** Removes what is due of deleted accounts, and looks again when that is due. */
  sweepAccounts(now = new Date()): Promise<void> {
    return this.guarded(() => this.accounts(now));
  }

  /** Everything that is due of everybody. */
  sweepAll(now = new Date()): Promise<void> {
    return this.guarded(async () => {
      await this.accounts(now);
      await this.leftovers.removeSessions(now);
    });
  }

  /** Resolves when nothing is being removed. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private async accounts(now: Date): Promise<void> {
    const next = await this.leftovers.removeAccounts(now);
    if (next === undefined) return;
    clearTimeout(this.soon);
    const wait = Math.max(SOONEST_MS, next.getTime() - Date.now());
    this.soon = setTimeout(() => void this.sweepAccounts(), wait);
  }

  /** Never rejects: what failed is found again by the next sweep. */
  private async guarded(work: () => Promise<void>): Promise<void> {
    const done = work().catch((error: unknown) => {
      this.logger.warn({ err: error }, 'Leftovers could not be removed; trying again later.');
    });
    this.running.add(done);
    await done;
    this.running.delete(done);
  }
}
