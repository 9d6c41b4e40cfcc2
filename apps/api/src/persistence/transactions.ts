import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';

/**
 * Changes of several documents that happen together or not at all.
 *
 * Mongoose carries the transaction through `AsyncLocalStorage` (the option is set in
 * `persistence.module.ts`), so repositories need not know of it; only what goes through Mongoose
 * belongs to it, or a call on the driver's own collection that is given `currentSession()`.
 *
 * A standalone MongoDB has no transactions. There the steps run one after the other, so services
 * put them in an order that a crash in between can be mended from: see docs/adr/0005.
 */
@Injectable()
export class Transactions implements OnModuleInit {
  private readonly logger = new Logger(Transactions.name);
  private supported = true;
  private seenAtOnce = true;

  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Whether the deployment offers transactions; known once the module is up. */
  get areSupported(): boolean {
    return this.supported;
  }

  /**
   * Whether readers see all of a transaction or nothing of it. In a sharded cluster they can see
   * what one shard has committed before another has (MongoDB manual, "Transactions", "Outside
   * Reads During Commit").
   */
  get areSeenAtOnce(): boolean {
    return this.seenAtOnce;
  }

  async onModuleInit(): Promise<void> {
    const hello = await this.connection.getClient().db().admin().command({ hello: 1 });
    // A member of a set and a router of a cluster offer them; nothing else does.
    this.supported = typeof hello.setName === 'string' || hello.msg === 'isdbgrid';
    this.seenAtOnce = typeof hello.setName === 'string';
    if (!this.supported) {
      this.logger.warn(
        'This MongoDB is standalone and has no transactions: a crash can leave a message count to be mended at the next start. Run it as a replica set; one node is enough.',
      );
    }
  }

  /**
   * Runs `work` in a transaction and again where the database asks for it, so `work` must have no
   * effect outside of the database.
   *
   * @returns what `work` returned, once it is committed on disk.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.supported) return work();
    // `transaction` returns whatever the driver makes of the last result; ours is kept by hand.
    const outcome: { value?: T } = {};
    await this.connection.transaction(
      async () => {
        outcome.value = await work();
      },
      { readConcern: 'snapshot', writeConcern: { w: 'majority', j: true } },
    );
    return outcome.value as T;
  }
}
