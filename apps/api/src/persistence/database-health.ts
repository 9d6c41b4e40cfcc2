import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { ProblemException } from '../common/problem/problem.exception.js';

/** How long the database may take to answer a ping, in milliseconds. */
const PING_TIMEOUT_MS = 2_000;

/** Whether the database answers. */
@Injectable()
export class DatabaseHealth {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** @throws a 503 where it does not. */
  async assertReachable(): Promise<void> {
    try {
      await this.connection
        .getClient()
        .db()
        .admin()
        .command({ ping: 1 }, { timeoutMS: PING_TIMEOUT_MS });
    } catch (cause) {
      throw new ProblemException('unavailable', { headers: { 'Retry-After': '1' }, cause });
    }
  }
}
