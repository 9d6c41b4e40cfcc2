import { Injectable } from '@nestjs/common';
import { ProblemException } from '../common/problem/problem.exception.js';
import { LeftoversService } from '../leftovers/leftovers.service.js';
import { Transactions } from '../persistence/transactions.js';
import { SessionChanges } from './session-changes.js';
import { SessionHooks } from './session-hooks.js';
import type { StoredSession } from './session.schema.js';
import { SessionsRepository } from './sessions.repository.js';
import { tagKey } from './tags.js';

/** A session whose messages are stored and which is stored last itself. */
export type HiddenSession = Omit<StoredSession, 'tag_keys'>;

/** Makes sessions visible that were built where nobody could see them. */
@Injectable()
export class SessionRevealer {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly hooks: SessionHooks,
    private readonly leftovers: LeftoversService,
    private readonly transactions: Transactions,
    private readonly changes: SessionChanges,
  ) {}

  /**
   * Stores the document of a session that was noted among the leftovers. A session in the trash
   * goes there at once, since when it says.
   *
   * @throws a 404 for a folder that the user does not have, a 409 where the removal of what was
   *   built has begun: it took too long.
   */
  async reveal(hidden: HiddenSession): Promise<StoredSession> {
    const { _id, user_id, folder_id, deleted_at } = hidden;
    const session = { ...hidden, tag_keys: hidden.tags.map(tagKey) };
    await this.transactions.run(async () => {
      if (folder_id !== null) await this.hooks.claimFolder(user_id, folder_id);
      await this.sessions.insert(session);
      // On a standalone MongoDB the note is taken back last, so a crash leaves nothing for ever.
      if (!(await this.leftovers.settle(_id))) throw new ProblemException('conflict');
      await this.hooks.stored(session);
      if (deleted_at !== null) await this.hooks.deleted(user_id, [_id], deleted_at);
    });
    this.changes.announce(user_id);
    return session;
  }
}
