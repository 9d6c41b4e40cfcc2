import { setFlagsFromString } from 'node:v8';

/** What may be added to what lives in the heap, until the next full collection. */
const SLOW_PERCENT = 50;
/** V8's own measure. */
const DEFAULT = 0;

let users = 0;

/**
 * Lets the heap grow by half between two full collections, for as long as somebody wants it so.
 *
 * V8 lets it become up to four times what lives in it (`MemoryController::GrowingFactor`), which an
 * export or import of a gigabyte fills with what is gone already. Requests would pay for more
 * collections with a tenth of their processor time, so it is not so all the time.
 *
 * @returns what ends it; a second call does nothing.
 */
export function growHeapSlowly(): () => void {
  users += 1;
  if (users === 1) setGrowth(SLOW_PERCENT);
  let isWanted = true;
  return () => {
    if (!isWanted) return;
    isWanted = false;
    users -= 1;
    if (users === 0) setGrowth(DEFAULT);
  };
}

function setGrowth(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
