import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Upgrades } from '../persistence/upgrades.js';
import { SessionsRepository } from './sessions.repository.js';

/**
 * Gives sessions that were stored before there were folders, pins, archive and tags what lists ask
 * for. It runs once, before the server listens.
 */
@Injectable()
export class OrderUpgrade implements OnApplicationBootstrap {
  private readonly logger = new Logger(OrderUpgrade.name);

  constructor(
    private readonly upgrades: Upgrades,
    private readonly sessions: SessionsRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const upgraded = await this.upgrades.once('session-order', () => this.sessions.giveOrder());
    if ((upgraded ?? 0) > 0) this.logger.log(`${upgraded ?? 0} sessions can be put in order now.`);
  }
}
