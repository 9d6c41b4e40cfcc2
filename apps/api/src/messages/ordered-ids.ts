import { randomBytes } from 'node:crypto';
import { Types } from 'mongoose';

/** How many ids differ in the last three bytes, which count. */
const MOST = 2 ** 24;

/**
 * Ids that sort in the order of their numbers, which those of the driver do not always: its counter
 * begins anywhere and turns over. The rest is as the BSON specification has it, "ObjectId": four
 * bytes of time, five random ones, and a counter of three.
 */
export class OrderedIds {
  private readonly prefix: Buffer;

  constructor() {
    const seconds = Buffer.alloc(4);
    seconds.writeUInt32BE(Math.floor(Date.now() / 1000));
    this.prefix = Buffer.concat([seconds, randomBytes(5)]);
  }

  /**
   * @param number from 0; the same number gives the same id.
   * @throws a RangeError beyond 16,777,215.
   */
  at(number: number): Types.ObjectId {
    if (number >= MOST) throw new RangeError(`There are no more than ${MOST} ids in one order.`);
    const bytes = Buffer.allocUnsafe(12);
    this.prefix.copy(bytes);
    bytes.writeUIntBE(number, 9, 3);
    return new Types.ObjectId(bytes);
  }
}
