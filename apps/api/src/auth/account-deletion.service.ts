import type { DeleteAccountRequest } from '@chat/shared-types';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { invalidField, ProblemException } from '../common/problem/problem.exception.js';
import { LeftoversService } from '../leftovers/leftovers.service.js';
import { LeftoversSweeper } from '../leftovers/leftovers.sweeper.js';
import { Transactions } from '../persistence/transactions.js';
import { AccountsService, type Caller } from './accounts.service.js';
import { RefreshRotation } from './refresh-rotation.js';
import { Revocations } from './revocations.js';
import { UsersRepository } from './users.repository.js';

/**
 * Deletes accounts for good: the user and every login at once, everything else right after, by a
 * note that outlives a crash.
 */
@Injectable()
export class AccountDeletion implements OnModuleInit {
  constructor(
    private readonly accounts: AccountsService,
    private readonly users: UsersRepository,
    private readonly rotation: RefreshRotation,
    private readonly revocations: Revocations,
    private readonly leftovers: LeftoversService,
    private readonly sweeper: LeftoversSweeper,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    this.leftovers.findAccountsThrough(
      async (userId) => (await this.users.findById(userId.toHexString())) !== null,
    );
  }

  /**
   * @throws ProblemException 400 where the password is wrong, 429 after too many tries, 409 where it
   *   was changed at the same moment.
   */
  async delete(caller: Caller, { password }: DeleteAccountRequest): Promise<void> {
    const user = await this.accounts.assertPassword(caller, password, () =>
      invalidField('/password', 'This is not your password.'),
    );
    let apply = (): void => undefined;
    await this.transactions.run(async () => {
      // The note first: without transactions a crash leaves an account that is whole, and its note
      // is forgotten, rather than data that nobody finds.
      await this.leftovers.expectAccount(user._id);
      apply = await this.revocations.store([{ kind: 'user', id: user._id }]);
      if (!(await this.users.delete(caller.userId, user.password_hash))) {
        throw new ProblemException('conflict');
      }
      await this.rotation.forget(user._id);
    });
    apply();
    // It may take as long as it takes: nobody can reach any of it.
    void this.sweeper.sweepAccounts();
  }
}
