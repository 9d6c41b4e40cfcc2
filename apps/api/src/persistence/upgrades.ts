import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';

/** A note that the data was brought to a form once (collection `upgrades`). */
interface Upgrade {
  /** What was done. */
  readonly _id: string;
  readonly done_at: Date;
}

/** Brings data that an older version stored to the form that this one reads. */
@Injectable()
export class Upgrades {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /**
   * Does something unless it was done before, so that no start looks for it again. Cut short, it is
   * done again from the beginning, which it has to bear.
   *
   * @returns what `work` returned; undefined where there was nothing to do.
   */
  async once<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    const notes = this.connection.collection<Upgrade>('upgrades');
    if ((await notes.findOne({ _id: name })) !== null) return undefined;
    const result = await work();
    await notes.updateOne({ _id: name }, { $set: { done_at: new Date() } }, { upsert: true });
    return result;
  }
}
