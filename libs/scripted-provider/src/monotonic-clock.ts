/**
 * Milliseconds of the machine's monotonic clock: never set back, and on Linux the same in every
 * process, so that two processes can tell how long something took between them.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
