import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { RecurringWork } from '../common/concurrency/recurring-work.js';
import { Sightings } from '../common/concurrency/sightings.js';
import { ImportRunner, SERVER_ENDED } from './import-runner.js';
import { ImportsRepository } from './imports.repository.js';

const EVERY_MS = 3_000;
/** A process that gave no sign for so long is dead: it gives one twice a second. */
const SILENCE_MS = 12_000;

/** Ends the imports of processes that died. */
@Injectable()
export class ImportReaper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Imports');
  private readonly sightings = new Sightings(SILENCE_MS);
  private readonly looks = new RecurringWork(
    () => this.reap(),
    EVERY_MS,
    (error) => {
      this.logger.warn({ err: error }, 'Imports of ended processes could not be looked for.');
    },
  );

  constructor(
    private readonly imports: ImportsRepository,
    private readonly runner: ImportRunner,
  ) {}

  onApplicationBootstrap(): void {
    this.looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looks.stop();
  }

  private async reap(): Promise<void> {
    const running = await this.imports.running();
    this.sightings.keepOnly(new Set(running.map(({ _id }) => _id.toHexString())));
    for (const { _id, beat } of running) {
      if (this.runner.runs(_id) || !this.sightings.isSilent(_id.toHexString(), beat)) continue;
      await this.imports.end(_id, { status: 'failed', error: SERVER_ENDED });
    }
  }
}
