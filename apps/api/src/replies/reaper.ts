import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ReplyEndings } from './reply-endings.js';
import { ReplyOwnersRepository } from './reply-owners.js';
import type { StoredRun } from './reply-run.schema.js';
import { ReplyRunsRepository } from './reply-runs.repository.js';
import { RunningReplies } from './running-replies.js';

const EVERY_MS = 2_500;
/** A process whose heartbeat stood still for so long is dead: five beats were missed. */
const SILENCE_MS = 10_000;

interface Sighting {
  readonly beat: number;
  /** By the clock of this process that never jumps. */
  readonly since: number;
}

/**
 * Ends the replies of processes that died as `interrupted`. It compares no clocks of two machines:
 * a heartbeat that this process saw unchanged for ten seconds of its own is no heartbeat.
 */
@Injectable()
export class Reaper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Replies');
  private readonly sightings = new Map<string, Sighting>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;

  constructor(
    private readonly runs: ReplyRunsRepository,
    private readonly owners: ReplyOwnersRepository,
    private readonly running: RunningReplies,
    private readonly endings: ReplyEndings,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.look();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
  }

  private look(): void {
    this.working ??= this.reap()
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'Replies of ended processes could not be looked for.');
      })
      .finally(() => {
        this.working = undefined;
      });
  }

  private async reap(): Promise<void> {
    const owners = await this.owners.all();
    const runs = await this.runs.all();
    const beats = new Map(owners.map(({ _id, heartbeat_at }) => [_id, heartbeat_at.getTime()]));
    const keys = new Set([...beats.keys(), ...runs.map(({ _id }) => _id.toHexString())]);
    for (const key of this.sightings.keys()) if (!keys.has(key)) this.sightings.delete(key);
    for (const run of runs) {
      const beat = this.isForgotten(run) ? 0 : (beats.get(run.owner) ?? 0);
      if (!this.isSilent(run._id.toHexString(), beat)) continue;
      await this.endings.finishFromLog(run, { status: 'interrupted' });
    }
    const busy = new Set(runs.map(({ owner }) => owner));
    const gone = [...beats].filter(([id, beat]) => this.isSilent(id, beat) && !busy.has(id));
    if (gone.length > 0) await this.owners.delete(gone.map(([id]) => id));
  }

  /** This process lives, but knows nothing of the run: its end could not be stored. */
  private isForgotten({ _id, owner }: StoredRun): boolean {
    return owner === this.running.owner && this.running.get(_id) === undefined;
  }

  /**
   * Whether a heartbeat stood still for too long since it was first seen beside this run (or
   * process): one that rested while it had nothing to do is not taken for a dead one.
   */
  private isSilent(key: string, beat: number): boolean {
    const now = performance.now();
    const last = this.sightings.get(key);
    if (last?.beat !== beat) {
      this.sightings.set(key, { beat, since: now });
      return false;
    }
    return now - last.since >= SILENCE_MS;
  }
}
