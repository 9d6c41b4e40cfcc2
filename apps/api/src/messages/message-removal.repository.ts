import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type Model, type Types } from 'mongoose';
import { Idempotency } from '../common/idempotency/idempotency.js';
import { deleteInBatches } from '../leftovers/delete-in-batches.js';
import { LeftoversService } from '../leftovers/leftovers.service.js';
import { Transactions } from '../persistence/transactions.js';
import { StoredBranch } from './branch.schema.js';
import { StoredMessage } from './message.schema.js';
import { StoredRevision } from './message-revision.schema.js';

/** Removes what hangs on messages that are about to go for good; may be told of them twice. */
export type MessageRemover = (
  userId: Types.ObjectId,
  messageIds: readonly Types.ObjectId[],
) => Promise<void>;

const BATCH = 200;

/**
 * The only way by which the server itself removes messages for good: out of the trash, or with a
 * session that is gone. (The database removes them too, after their time in the trash; what hangs on
 * them carries the same `deleted_at` and goes with them.)
 */
@Injectable()
export class MessageRemoval implements OnModuleInit {
  private readonly removers: MessageRemover[] = [];

  constructor(
    @InjectModel(StoredMessage.name) private readonly messages: Model<StoredMessage>,
    @InjectModel(StoredBranch.name) private readonly branches: Model<StoredBranch>,
    @InjectModel(StoredRevision.name) private readonly revisions: Model<StoredRevision>,
    private readonly transactions: Transactions,
    private readonly idempotency: Idempotency,
    private readonly leftovers: LeftoversService,
  ) {}

  onModuleInit(): void {
    this.leftovers.onSweep((userId, sessionId) => this.removeSession(userId, sessionId));
    this.leftovers.onAccountSweep((userId) => this.removeAccount(userId));
  }

  /** For rooms that keep something of a message: called at their start. */
  onRemove(remover: MessageRemover): void {
    this.removers.push(remover);
  }

  /** Removes every message in the trash of a user; what is restored meanwhile stays. */
  async removeTrashed(userId: Types.ObjectId): Promise<void> {
    while (await this.transactions.run(() => this.removeSomeTrashed(userId)));
  }

  private async removeSession(userId: Types.ObjectId, sessionId: Types.ObjectId): Promise<void> {
    const scope = { user_id: userId, session_id: sessionId };
    await deleteInBatches(this.messages, scope, (ids) => this.removeWhatHangsOn(userId, ids));
    await deleteInBatches(this.branches, scope);
    // The twin of `MessagesService.send`: their answers hold texts.
    const address = `POST /chat/sessions/${sessionId.toHexString()}/messages`;
    await this.idempotency.forget(userId, address);
  }

  /** What carries the user's id is deleted after this. */
  private async removeAccount(userId: Types.ObjectId): Promise<void> {
    await deleteInBatches(this.messages, { user_id: userId }, (ids) =>
      this.removeWhatHangsOn(userId, ids),
    );
  }

  /** @returns whether there may be more of them. */
  private async removeSomeTrashed(userId: Types.ObjectId): Promise<boolean> {
    const rows = await this.messages
      .find({ user_id: userId, deleted: true }, { _id: 1 })
      .limit(BATCH)
      .lean()
      .exec();
    const ids = rows.map(({ _id }) => _id);
    await this.removeWhatHangsOn(userId, ids);
    await this.messages.deleteMany({
      _id: trusted({ $in: ids }),
      user_id: userId,
      deleted: true,
    });
    return ids.length === BATCH;
  }

  private async removeWhatHangsOn(
    userId: Types.ObjectId,
    ids: readonly Types.ObjectId[],
  ): Promise<void> {
    if (ids.length === 0) return;
    await this.revisions.deleteMany({ user_id: userId, message_id: trusted({ $in: ids }) });
    for (const remove of this.removers) await remove(userId, ids);
  }
}
