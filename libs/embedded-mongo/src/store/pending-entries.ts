/** Sorted keys of index entries, from `start` on. Never changed once it is made. */
interface Run {
  readonly keys: readonly string[];
  readonly start: number;
}

/**
 * A run takes in the one before it up to so many times its size: few runs to read, and each key is
 * still moved only a few times.
 */
const SIZE_RATIO = 4;

/** The pending entries as they were at one moment, which is what a snapshot keeps. */
export class PendingEntries {
  constructor(private readonly runs: readonly Run[] = []) {}

  get isEmpty(): boolean {
    return this.runs.length === 0;
  }

  /** The first `limit` keys from `from` (inclusive) to `to` (exclusive), or the last, descending. */
  between(from: string, to: string, backward: boolean, limit: number): readonly string[] {
    let found: readonly string[] = [];
    for (const run of this.runs) {
      const [start, end] = boundsOf(run, from, to);
      if (start >= end) continue;
      const keys = backward
        ? run.keys.slice(Math.max(start, end - limit), end).reverse()
        : run.keys.slice(start, Math.min(end, start + limit));
      found = found.length === 0 ? keys : mergeSorted(found, keys, backward, limit);
    }
    return found;
  }

  countBetween(from: string, to: string): number {
    let count = 0;
    for (const run of this.runs) {
      const [start, end] = boundsOf(run, from, to);
      count += Math.max(0, end - start);
    }
    return count;
  }
}

const NOTHING = new PendingEntries();

/**
 * Index entries that are not in the index yet. Those of one document with many keys (its words) lie
 * far apart, so that each would change a page of its own; gathered from many documents and put into
 * the index in the order of their keys, several share a page. While some are put in, bit by bit, new
 * ones are gathered beside them.
 *
 * Keys are strings with one character a byte, which compare as the bytes do; each ends with its
 * record id. It is kept in memory: what is lost with it is found again by the record ids that the
 * store keeps.
 */
export class PendingList {
  private gathered: readonly Run[] = [];
  private draining: Run | undefined;
  private snapshot = NOTHING;

  /** As they are now. */
  get entries(): PendingEntries {
    return this.snapshot;
  }

  get isDraining(): boolean {
    return this.draining !== undefined;
  }

  get gatheredCount(): number {
    return this.gathered.reduce((sum, { keys }) => sum + keys.length, 0);
  }

  /** @param keys that are neither pending nor in the index */
  add(keys: readonly string[]): void {
    const runs = [...this.gathered];
    let newest: readonly string[] = [...keys].sort();
    for (
      let last = runs.at(-1);
      last !== undefined && last.keys.length <= newest.length * SIZE_RATIO;
      last = runs.at(-1)
    ) {
      newest = mergeSorted(last.keys, newest);
      runs.pop();
    }
    runs.push({ keys: newest, start: 0 });
    this.set(runs, this.draining);
  }

  /** Takes these out. @returns those that are not pending */
  remove(keys: readonly string[]): readonly string[] {
    if (this.snapshot.isEmpty || keys.length === 0) return keys;
    const rest = new Set(keys);
    const runs = this.gathered.map((run) => withoutKeys(run, rest));
    const draining = this.draining && withoutKeys(this.draining, rest);
    if (rest.size < keys.length) this.set(runs, draining);
    return [...rest];
  }

  /** Begins to put in what has been gathered. Call when nothing is draining. */
  drain(): void {
    const keys = this.gathered.reduce<readonly string[]>(
      (merged, run) => mergeSorted(merged, run.keys),
      [],
    );
    this.set([], { keys, start: 0 });
  }

  /** The next keys to put into the index, in order; they are not pending any more. */
  take(atMost: number): readonly string[] {
    if (!this.draining) return [];
    const { keys, start } = this.draining;
    const end = Math.min(keys.length, start + atMost);
    this.set(this.gathered, { keys, start: end });
    return keys.slice(start, end);
  }

  private set(gathered: readonly Run[], draining: Run | undefined): void {
    this.gathered = gathered.filter(hasKeys);
    this.draining = draining && hasKeys(draining) ? draining : undefined;
    const runs = this.draining ? [this.draining, ...this.gathered] : this.gathered;
    this.snapshot = runs.length === 0 ? NOTHING : new PendingEntries(runs);
  }
}

/**
 * Two sorted lists as one.
 * @param descending how they are sorted
 */
export function mergeSorted(
  one: readonly string[],
  other: readonly string[],
  descending = false,
  limit = Infinity,
): readonly string[] {
  const merged: string[] = [];
  const size = Math.min(limit, one.length + other.length);
  let at = 0;
  let otherAt = 0;
  while (merged.length < size) {
    const a = one[at];
    const b = other[otherAt];
    if (b === undefined || (a !== undefined && (descending ? a > b : a < b))) {
      merged.push(a ?? '');
      at++;
    } else {
      merged.push(b);
      otherAt++;
    }
  }
  return merged;
}

function hasKeys({ keys, start }: Run): boolean {
  return start < keys.length;
}

/** The run without these keys, which are taken from the set where it had them. */
function withoutKeys(run: Run, unwanted: Set<string>): Run {
  const places = new Set<number>();
  for (const key of unwanted) {
    const place = lowerBound(run, key);
    if (run.keys[place] !== key) continue;
    places.add(place);
    unwanted.delete(key);
  }
  if (places.size === 0) return run;
  return { keys: run.keys.filter((_, at) => at >= run.start && !places.has(at)), start: 0 };
}

function boundsOf(run: Run, from: string, to: string): [start: number, end: number] {
  return [lowerBound(run, from), lowerBound(run, to)];
}

/** The index of the first key that is not below `wanted`. */
function lowerBound({ keys, start }: Run, wanted: string): number {
  let low = start;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
