import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { StoredImport } from './import-job.schema.js';
import { ImportRunner, SERVER_ENDED } from './import-runner.js';
import { ImportsRepository } from './imports.repository.js';

const EVERY_MS = 3_000;
/** A process that gave no sign for so long is dead: it gives one twice a second. */
const SILENCE_MS = 12_000;

interface Sighting {
  readonly beat: number;
  /** By the clock of this process that never jumps. */
  readonly since: number;
}

/**
 * Ends the imports of processes that died. It compares no clocks of two machines: what this process
 * saw unchanged for twelve seconds of its own is dead (`replies/reaper.ts` is the twin).
 */
@Injectable()
export class ImportReaper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Imports');
  private readonly sightings = new Map<string, Sighting>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;

  constructor(
    private readonly imports: ImportsRepository,
    private readonly runner: ImportRunner,
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
        this.logger.warn({ err: error }, 'Imports of ended processes could not be looked for.');
      })
      .finally(() => {
        this.working = undefined;
      });
  }

  private async reap(): Promise<void> {
    const running = await this.imports.running();
    const ids = new Set(running.map(({ _id }) => _id.toHexString()));
    for (const id of this.sightings.keys()) if (!ids.has(id)) this.sightings.delete(id);
    for (const job of running) {
      if (this.runner.runs(job._id) || !this.isSilent(job)) continue;
      await this.imports.end(job._id, { status: 'failed', error: SERVER_ENDED });
    }
  }

  private isSilent({ _id, beat }: StoredImport): boolean {
    const id = _id.toHexString();
    const now = performance.now();
    const last = this.sightings.get(id);
    if (last?.beat !== beat) {
      this.sightings.set(id, { beat, since: now });
      return false;
    }
    return now - last.since >= SILENCE_MS;
  }
}
