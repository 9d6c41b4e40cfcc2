/**
 * Tells which heartbeats have stopped. It compares no clocks of two machines: a heartbeat that this
 * process saw unchanged for long enough, by its own clock that never jumps, is no heartbeat.
 */
export class Sightings {
  private readonly seen = new Map<string, { readonly beat: number; readonly since: number }>();

  /** @param silenceMs after so long without a change whoever beats is taken for dead. */
  constructor(private readonly silenceMs: number) {}

  /** Whether the heartbeat of this key stood still for too long since it was first seen so. */
  isSilent(key: string, beat: number): boolean {
    const now = performance.now();
    const last = this.seen.get(key);
    if (last?.beat !== beat) {
      this.seen.set(key, { beat, since: now });
      return false;
    }
    return now - last.since >= this.silenceMs;
  }

  /** Forgets every key that is not among these. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.seen.keys()) if (!keys.has(key)) this.seen.delete(key);
  }
}
