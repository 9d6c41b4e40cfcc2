import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection, Model } from 'mongoose';
import { AppConfig } from '../config/app-config.js';
import { LeftoversService } from '../leftovers/leftovers.service.js';
import { SessionHooks } from '../sessions/session-hooks.js';
import { TrashRepository } from './trash.repository.js';

type Collection = Model<unknown>['collection'];

const SECONDS_PER_DAY = 24 * 60 * 60;
const INDEX_NAME = 'trash_retention';

/** What of an index says when the database removes its documents. */
interface ListedIndex {
  readonly name: string;
  readonly expireAfterSeconds?: number;
}

/**
 * Has the database itself remove what was in the trash for long enough: by a TTL index on every
 * collection that knows `deleted_at`, whichever room it belongs to. What a session leaves behind
 * then is noted when it is deleted.
 */
@Injectable()
export class TrashRetention implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('Trash');
  private readonly seconds: number;

  constructor(
    config: AppConfig,
    @InjectConnection() private readonly connection: Connection,
    private readonly trash: TrashRepository,
    private readonly leftovers: LeftoversService,
    private readonly sessionHooks: SessionHooks,
  ) {
    this.seconds = config.trashRetentionDays * SECONDS_PER_DAY;
  }

  /** When what was deleted then is removed for good; the database takes up to a minute more. */
  purgeTime(deletedAt: Date): Date {
    return new Date(deletedAt.getTime() + this.seconds * 1000);
  }

  onModuleInit(): void {
    this.sessionHooks.onDelete((userId, sessionIds, deletedAt) =>
      this.leftovers.expectAll(userId, sessionIds, this.purgeTime(deletedAt)),
    );
    this.sessionHooks.onRestore((_userId, sessionIds) => this.leftovers.settleAll(sessionIds));
  }

  async onApplicationBootstrap(): Promise<void> {
    let changed = false;
    for (const model of Object.values(this.connection.models)) {
      if (!('deleted_at' in model.schema.paths)) continue;
      changed = (await this.enforce(model.collection)) || changed;
    }
    if (!changed) return;
    this.logger.log(`What is in the trash is now kept for ${this.seconds / SECONDS_PER_DAY} days.`);
    await this.moveLeftovers();
  }

  /** @returns whether the database enforced another retention before. */
  private async enforce(collection: Collection): Promise<boolean> {
    const indexes = (await collection.indexes()) as ListedIndex[];
    const before = indexes.find(({ name }) => name === INDEX_NAME)?.expireAfterSeconds;
    if (before === this.seconds) return false;
    if (before === undefined) {
      // Only what is in the trash costs an entry of the index.
      await collection.createIndex(
        { deleted_at: 1 },
        {
          name: INDEX_NAME,
          expireAfterSeconds: this.seconds,
          partialFilterExpression: { deleted_at: { $type: 'date' } },
        },
        {},
      );
      return false;
    }
    await this.connection.db?.command({
      collMod: collection.collectionName,
      index: { name: INDEX_NAME, expireAfterSeconds: this.seconds },
    });
    return true;
  }

  /** What sessions in the trash leave behind goes with them, not when it would have gone before. */
  private async moveLeftovers(): Promise<void> {
    for await (const { _id, user_id, deleted_at } of this.trash.everyTrashedSession()) {
      await this.leftovers.expect(user_id, _id, this.purgeTime(deleted_at));
    }
  }
}
