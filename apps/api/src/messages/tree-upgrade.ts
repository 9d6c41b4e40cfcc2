import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type Model, type Types } from 'mongoose';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { StoredMessage } from './message.schema.js';
import { Upgrade } from './tree-upgrade.schema.js';

const NAME = 'message-tree';
const BATCH = 500;

/**
 * Makes trees of the lists that version 0.1 stored: each message becomes the child of the one
 * before. It runs once, before the server listens; cut short, it runs again from the beginning and
 * leaves alone what is done, since a session gets its end last.
 */
@Injectable()
export class TreeUpgrade implements OnApplicationBootstrap {
  private readonly logger = new Logger(TreeUpgrade.name);

  constructor(
    @InjectModel(Upgrade.name) private readonly upgrades: Model<Upgrade>,
    @InjectModel(StoredMessage.name) private readonly messages: Model<StoredMessage>,
    private readonly sessions: SessionsRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if ((await this.upgrades.exists({ _id: NAME })) !== null) return;
    const upgraded = await this.upgradeAll();
    await this.upgrades.updateOne(
      { _id: NAME },
      { $set: { done_at: new Date() } },
      { upsert: true },
    );
    if (upgraded > 0) this.logger.log(`Made trees of the messages of ${upgraded} sessions.`);
  }

  /** @returns of how many sessions. */
  async upgradeAll(): Promise<number> {
    let upgraded = 0;
    for await (const { _id, user_id } of this.sessions.everyWithoutTree()) {
      await this.upgrade(user_id, _id);
      upgraded += 1;
    }
    return upgraded;
  }

  private async upgrade(userId: Types.ObjectId, sessionId: Types.ObjectId): Promise<void> {
    const rows = await this.messages
      .find(
        { user_id: userId, session_id: sessionId, deleted: trusted({ $in: [false, true] }) },
        { deleted: 1 },
      )
      .sort({ created_at: 1, _id: 1 })
      .lean()
      .exec();
    const updates = rows.map(({ _id }, i) => ({
      updateOne: {
        filter: { _id },
        update: { $set: { ...asComplete(), parent_id: rows[i - 1]?._id ?? null } },
      },
    }));
    for (let at = 0; at < updates.length; at += BATCH) {
      await this.messages.bulkWrite(updates.slice(at, at + BATCH), { ordered: false });
    }
    await this.sessions.giveTree(userId, sessionId, {
      tip_id: rows.at(-1)?._id ?? null,
      tip_branch_id: null,
      active_message_id: rows.findLast(({ deleted }) => !deleted)?._id ?? null,
    });
  }
}

/** What a message has that no model wrote. */
function asComplete(): Partial<StoredMessage> {
  return {
    branch_id: null,
    status: 'complete',
    model: null,
    finish_reason: null,
    usage: null,
    reasoning: null,
    error: null,
    edited_at: null,
    attempt: 0,
    kept_lengths: [],
  };
}
