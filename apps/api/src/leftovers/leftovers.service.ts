import { Injectable } from '@nestjs/common';
import type { Types } from 'mongoose';
import { Transactions } from '../persistence/transactions.js';
import { LeftoversRepository } from './leftovers.repository.js';
import type { SessionLeftover } from './session-leftover.schema.js';

/** Removes what a room keeps of a session that is not there any more; may come more than once. */
export type SessionRemover = (userId: Types.ObjectId, sessionId: Types.ObjectId) => Promise<void>;

/** The same for an account: what no `user_id` leads to, before all that it leads to is deleted. */
export type AccountRemover = (userId: Types.ObjectId) => Promise<void>;

/** Where a session is; `gone` where there is no document of it. */
export type SessionWhereabouts = 'live' | 'trash' | 'gone';

type FindAccount = (userId: Types.ObjectId) => Promise<boolean>;

type FindSession = (
  userId: Types.ObjectId,
  sessionId: Types.ObjectId,
) => Promise<SessionWhereabouts>;

/**
 * How long after an account was removed the last request that had begun before can write something,
 * through any process (`Revocations` reach all of them within a few seconds).
 */
const LAST_WRITES_MS = 10_000;

/**
 * Removes what is stored of sessions and accounts that are gone. The note of what has to go is
 * written first (or together with what makes it go), so whatever crashes in between, somebody finds
 * it. Several processes may sweep at once: every step may be repeated.
 *
 * This room knows no other: each registers what it keeps.
 */
@Injectable()
export class LeftoversService {
  private readonly sessionRemovers: SessionRemover[] = [];
  private readonly accountRemovers: AccountRemover[] = [];
  private find: FindSession = () => Promise.reject(new Error('Nobody knows the sessions.'));

  private isAccount: FindAccount = () => Promise.reject(new Error('Nobody knows the accounts.'));

  constructor(
    private readonly leftovers: LeftoversRepository,
    private readonly transactions: Transactions,
  ) {}

  /** For the room of the sessions: called at its start. */
  findSessionsThrough(find: FindSession): void {
    this.find = find;
  }

  /** For the room of the accounts: called at its start. */
  findAccountsThrough(find: FindAccount): void {
    this.isAccount = find;
  }

  /** For rooms that keep something of a session: called at their start. */
  onSweep(remover: SessionRemover): void {
    this.sessionRemovers.push(remover);
  }

  /** For rooms that keep something of a user without a `user_id`: called at their start. */
  onAccountSweep(remover: AccountRemover): void {
    this.accountRemovers.push(remover);
  }

  /**
   * Notes that whatever is stored of a session goes at a time, unless there is such a session then.
   * In the caller's transaction where it has one; again moves the time.
   */
  expect(userId: Types.ObjectId, sessionId: Types.ObjectId, dueAt: Date): Promise<void> {
    return this.leftovers.expect(userId, sessionId, dueAt);
  }

  /** `expect` for many sessions of one user. */
  expectAll(
    userId: Types.ObjectId,
    sessionIds: readonly Types.ObjectId[],
    dueAt: Date,
  ): Promise<void> {
    return this.leftovers.expectAll(userId, sessionIds, dueAt);
  }

  /** `settle` for many sessions whose documents have been there all the time. */
  settleAll(sessionIds: readonly Types.ObjectId[]): Promise<void> {
    return this.leftovers.settleAll(sessionIds);
  }

  /**
   * Takes the note back, in the transaction that makes the session be there.
   *
   * @returns false where there is none or where a removal has begun: whoever has just built a
   *   session must give up then, for parts of it are gone.
   */
  settle(sessionId: Types.ObjectId): Promise<boolean> {
    return this.leftovers.settle(sessionId);
  }

  /** Notes, in the transaction that deletes a user, that all of the account has to go. */
  expectAccount(userId: Types.ObjectId, now = new Date()): Promise<void> {
    return this.leftovers.expectAccount(userId, now);
  }

  /** Removes what is left of the sessions that are due: of one user, or of all. */
  async removeSessions(now: Date, userId?: Types.ObjectId): Promise<void> {
    for await (const leftover of this.leftovers.due(now, userId)) {
      await this.removeSession(leftover);
    }
  }

  /** @returns when to come again for accounts that were removed now; undefined for never. */
  async removeAccounts(now: Date): Promise<Date | undefined> {
    let next: Date | undefined;
    for (const { _id, swept } of await this.leftovers.dueAccounts(now)) {
      // Its deletion broke off before the user was gone, as it can without transactions.
      if (await this.isAccount(_id)) {
        await this.leftovers.forgetAccount(_id);
        continue;
      }
      for (const remove of this.accountRemovers) await remove(_id);
      await this.leftovers.deleteOwnedBy(_id);
      if (swept) {
        await this.leftovers.forgetAccount(_id);
      } else {
        next = new Date(Date.now() + LAST_WRITES_MS);
        await this.leftovers.lookAgain(_id, next);
      }
    }
    return next;
  }

  private async removeSession(leftover: SessionLeftover): Promise<void> {
    const { _id, user_id } = leftover;
    // In one transaction with the look for the session: whoever puts it there at the same moment
    // writes the same note, and only one of the two succeeds.
    const claimed = await this.transactions.run(async () => {
      const whereabouts = await this.find(user_id, _id);
      // It was restored or built, and without transactions the note was not taken back.
      if (whereabouts === 'live') await this.leftovers.forget(leftover);
      return whereabouts === 'gone' && (await this.leftovers.claim(leftover));
    });
    if (!claimed) return;
    for (const remove of this.sessionRemovers) await remove(user_id, _id);
    await this.leftovers.forget(leftover);
  }
}
