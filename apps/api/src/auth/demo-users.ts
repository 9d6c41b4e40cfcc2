import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { Passwords } from './passwords.js';
import { UsersRepository } from './users.repository.js';

const DEMO_USERS = [
  { username: 'alice', displayName: 'Alice', password: 'alicepass123' },
  { username: 'testuser', displayName: 'Test User', password: 'testpass123' },
] as const;

/**
 * Gives an empty server users to try it with. The indexes are there by then: modules that are
 * global, as the one that builds them, get this hook before all others.
 */
@Injectable()
export class DemoUsers implements OnApplicationBootstrap {
  private readonly logger = new Logger(DemoUsers.name);

  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly config: AppConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.demoUsers || (await this.users.hasAny())) return;
    const users = await Promise.all(
      DEMO_USERS.map(async ({ username, displayName, password }) => ({
        username,
        displayName,
        passwordHash: await this.passwords.hash(password),
      })),
    );
    // A second process that starts now finds the names taken, which is just as good.
    for (const user of users) {
      if (await this.users.add(user)) this.logger.log(`Created the demo user ${user.username}.`);
    }
  }
}
