import { Timestamp } from '../bson/values.js';

/** The logical time of answers: never goes back, and names seconds as MongoDB's does. */
export class ClusterClock {
  private last = 0n;

  next(): Timestamp {
    const now = BigInt(Math.floor(Date.now() / 1000)) << 32n;
    this.last = now > this.last ? now + 1n : this.last + 1n;
    return new Timestamp(this.last);
  }
}
