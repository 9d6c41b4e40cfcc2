import { CommandError } from '../errors.js';

/** `maxTimeMS`: a moment after which a command gives up. */
export class Deadline {
  private readonly at: number;

  constructor(maxTimeMS: number) {
    this.at = maxTimeMS > 0 ? performance.now() + maxTimeMS : Infinity;
  }

  get remainingMs(): number {
    return this.at - performance.now();
  }

  /** @throws CommandError MaxTimeMSExpired */
  check(): void {
    if (performance.now() > this.at) {
      throw new CommandError('MaxTimeMSExpired', 'operation exceeded time limit');
    }
  }
}

/** Gives other connections a turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** After how many items of a long stream other connections get a turn. */
export const TURN_AFTER = 1000;

/** Takes everything from a stream in which `undefined` is a pause. */
export async function drain<T>(
  stream: Iterable<T | undefined>,
  deadline: Deadline,
  limit = Infinity,
): Promise<T[]> {
  const items: T[] = [];
  if (limit <= 0) return items;
  for (const item of stream) {
    if (item !== undefined) {
      items.push(item);
      if (items.length >= limit) break;
    }
    if (item === undefined || items.length % TURN_AFTER === 0) {
      deadline.check();
      await nextTurn();
    }
  }
  return items;
}
