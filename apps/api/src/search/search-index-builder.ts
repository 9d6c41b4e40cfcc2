import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { IndexState } from './index-state.js';
import { Reindexer } from './reindexer.js';

/** Looks at the start whether the index holds everything, and builds it beside the server if not. */
@Injectable()
export class SearchIndexBuilder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Search');
  private readonly ending = new AbortController();
  private building: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: AppConfig,
    private readonly state: IndexState,
    private readonly reindexer: Reindexer,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.searchIndex) {
      await this.state.setStale();
      return;
    }
    const state = await this.state.read();
    if (state === 'complete') return;
    if (await this.reindexer.isEmpty()) {
      await this.state.setComplete();
      return;
    }
    this.logger.log(
      state === 'missing'
        ? 'There is no search index yet: it is built beside the running server, newer messages are found at once.'
        : 'The search index has gaps or is of an older version: it is built anew beside the running server.',
    );
    this.building = this.build();
  }

  /** Resolves when nothing is being built. */
  idle(): Promise<void> {
    return this.building;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.building;
  }

  /** Never rejects: where it fails, the next start tries again. */
  private async build(): Promise<void> {
    try {
      const { complete, done } = await this.reindexer.run({ signal: this.ending.signal });
      if (complete) this.logger.log(`The search index is complete: ${done} titles and messages.`);
    } catch (error) {
      this.logger.error(
        { err: error },
        'The search index could not be built. "npm run search:reindex" builds it too.',
      );
    }
  }
}
