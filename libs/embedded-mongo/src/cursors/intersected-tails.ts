import type { PlannedRange } from '../planner/plan.js';
import type { View } from '../store/view.js';
import type { Examined } from './examined.js';
import { MergedTails } from './merged-tails.js';

/**
 * From how many reads of the index a seek is dearer than looking into the document. A rare word
 * leaps over many entries of a set of a thousand ranges, nearly all of which would have to follow.
 */
const DEAR_READS = 4;
/** How many reads of the index a single seek may cost. */
const PATIENCE = 64;
/** How many ranges are opened in the time in which one document is looked into. */
const RANGES_PER_DOCUMENT = 5;
/** After how many steps without a match the event loop gets a turn. */
const PAUSE_AFTER = 2000;

/** What an entry in all sets, or in as many as were followed to the end, has after its prefix. */
export interface Candidate {
  readonly tail: string;
  /** It is in every set; else the document has to be looked into. */
  readonly certain: boolean;
}

/**
 * Intersects sets of ranges by what follows their prefixes: whichever is behind seeks what the
 * others have reached, so that no entry is read that no other set could have. A set whose seeks cost
 * more than they save is left out, and the rest then gives more than the intersection.
 * `undefined` is a pause in a long search.
 */
export function* intersectedTails(
  view: View,
  sets: readonly (readonly PlannedRange[])[],
  backward: boolean,
  examined: Examined,
): Generator<Candidate | undefined> {
  // Few ranges first: the cheapest find out early that there is nothing.
  const bySize = [...sets].sort((a, b) => a.length - b.length);
  const streams: MergedTails[] = [];
  for (const ranges of bySize) {
    const candidates = Math.min(...streams.map(({ left }) => left));
    if (ranges.length > candidates * RANGES_PER_DOCUMENT) continue;
    const stream = new MergedTails(view, ranges, backward);
    if (stream.head === undefined) return;
    streams.push(stream);
  }
  let steps = 0;
  for (;;) {
    const tail = meet(streams, backward, examined);
    if (tail === undefined) return;
    if (tail === null) {
      if (++steps % PAUSE_AFTER === 0) yield undefined;
      continue;
    }
    steps = 0;
    yield { tail, certain: streams.length === sets.length };
    examined.keys++;
    streams[0]?.next();
  }
}

/**
 * One step of the leapfrog.
 * @returns where all stand; null when they do not yet; undefined when one of them is at its end
 */
function meet(
  streams: MergedTails[],
  backward: boolean,
  examined: Examined,
): string | null | undefined {
  let furthest: string | undefined;
  for (const { head } of streams) {
    if (head === undefined) return undefined;
    const ahead = furthest === undefined || (backward ? head < furthest : head > furthest);
    if (ahead) furthest = head;
  }
  if (furthest === undefined) return undefined;
  let all = true;
  for (const stream of [...streams]) {
    if (stream.head === furthest) continue;
    examined.keys++;
    const alone = streams.length === 1;
    const dear = !alone && stream.readsPerSeek > DEAR_READS;
    if (dear || !stream.seek(furthest, alone ? Infinity : PATIENCE)) {
      streams.splice(streams.indexOf(stream), 1);
    } else if (stream.head !== furthest) all = false;
  }
  return all ? furthest : null;
}
