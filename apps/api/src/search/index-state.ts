import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';

/** Raised whenever texts are to be indexed in another way: every index is built anew then. */
export const INDEX_VERSION = 2;

/** What is noted of the index as a whole (collection `search_state`). */
interface State {
  readonly _id: 'index';
  /** What it was built with; 0 where it lacks what was written while it was switched off. */
  readonly version: number;
}

/** Whether the index holds everything there is. */
@Injectable()
export class IndexState {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** `missing` where there never was one, `stale` where it was built otherwise or has gaps. */
  async read(): Promise<'complete' | 'missing' | 'stale'> {
    const state = await this.states.findOne({ _id: 'index' });
    if (state === null) return 'missing';
    return state.version === INDEX_VERSION ? 'complete' : 'stale';
  }

  async setComplete(): Promise<void> {
    await this.set(INDEX_VERSION);
  }

  /** From now on something is written that it does not hold. */
  async setStale(): Promise<void> {
    await this.set(0);
  }

  private async set(version: number): Promise<void> {
    await this.states.updateOne({ _id: 'index' }, { $set: { version } }, { upsert: true });
  }

  private get states(): ReturnType<typeof this.connection.collection<State>> {
    return this.connection.collection<State>('search_state');
  }
}
