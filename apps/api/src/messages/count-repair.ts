import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Transactions } from '../persistence/transactions.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { MessagesRepository } from './messages.repository.js';

/**
 * Puts message counts right where a crash could have left them wrong: on a standalone MongoDB,
 * which has no transactions. It runs before the server listens, since a count that changes while
 * it is compared would be mended into a wrong one.
 */
@Injectable()
export class CountRepair implements OnApplicationBootstrap {
  private readonly logger = new Logger(CountRepair.name);

  constructor(
    private readonly transactions: Transactions,
    private readonly sessions: SessionsRepository,
    private readonly messages: MessagesRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.transactions.areSupported) return;
    const mended = await this.mendAll();
    if (mended > 0) this.logger.warn(`Mended the message count of ${mended} sessions.`);
  }

  /**
   * Compares every session with its messages.
   *
   * @returns how many counts were wrong.
   */
  async mendAll(): Promise<number> {
    let mended = 0;
    for await (const { _id, user_id, message_count } of this.sessions.everyCount()) {
      const live = await this.messages.countLive({ userId: user_id, sessionId: _id });
      if (live === message_count) continue;
      await this.sessions.setCount(user_id, _id, live);
      mended += 1;
    }
    return mended;
  }
}
