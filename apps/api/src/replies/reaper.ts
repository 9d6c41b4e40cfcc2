import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { RecurringWork } from '../common/concurrency/recurring-work.js';
import { Sightings } from '../common/concurrency/sightings.js';
import { ReplyEndings } from './reply-endings.js';
import { ReplyOwnersRepository } from './reply-owners.js';
import type { StoredRun } from './reply-run.schema.js';
import { ReplyRunsRepository } from './reply-runs.repository.js';
import { RunningReplies } from './running-replies.js';

const EVERY_MS = 2_500;
/** A process whose heartbeat stood still for so long is dead: five beats were missed. */
const SILENCE_MS = 10_000;

/** Ends the replies of processes that died as `interrupted`. */
@Injectable()
export class Reaper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Replies');
  /** A heartbeat is seen beside each run: one that rested while it had nothing to do is not dead. */
  private readonly sightings = new Sightings(SILENCE_MS);
  private readonly looks = new RecurringWork(
    () => this.reap(),
    EVERY_MS,
    (error) => {
      this.logger.warn({ err: error }, 'Replies of ended processes could not be looked for.');
    },
  );

  constructor(
    private readonly runs: ReplyRunsRepository,
    private readonly owners: ReplyOwnersRepository,
    private readonly running: RunningReplies,
    private readonly endings: ReplyEndings,
  ) {}

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
  }

  private async reap(): Promise<void> {
    const owners = await this.owners.all();
    const runs = await this.runs.all();
    const beats = new Map(owners.map(({ _id, heartbeat_at }) => [_id, heartbeat_at.getTime()]));
    this.sightings.keepOnly(
      new Set([...beats.keys(), ...runs.map(({ _id }) => _id.toHexString())]),
    );
    for (const run of runs) {
      const beat = this.isForgotten(run) ? 0 : (beats.get(run.owner) ?? 0);
      if (!this.sightings.isSilent(run._id.toHexString(), beat)) continue;
      await this.endings.finishFromLog(run, { status: 'interrupted' });
    }
    const busy = new Set(runs.map(({ owner }) => owner));
    const gone = [...beats].filter(
      ([id, beat]) => this.sightings.isSilent(id, beat) && !busy.has(id),
    );
    if (gone.length > 0) await this.owners.delete(gone.map(([id]) => id));
  }

  /** This process lives, but knows nothing of the run: its end could not be stored. */
  private isForgotten({ _id, owner }: StoredRun): boolean {
    return owner === this.running.owner && this.running.get(_id) === undefined;
  }
}
