import { decodeDocument } from '../bson/decode.js';
import { recordRange, type Collection } from '../catalog/catalog.js';
import { matches } from '../evaluate/matcher.js';
import type { Predicate } from '../evaluate/predicate.js';
import type { Doc } from '../bson/values.js';
import type { IndexPlan, Plan, PlannedRange } from '../planner/plan.js';
import { keyAfter, recordOf } from '../store/key-range.js';
import type { Entry, View } from '../store/view.js';
import type { Examined } from './examined.js';
import { intersectedTails } from './intersected-tails.js';

/** A document that a query found; decoded only if something looked into it. */
export interface Found {
  readonly rid: number;
  readonly bson: Buffer;
  document?: Doc;
}

const FIRST_PAGE = 64;
const LARGEST_PAGE = 512;
/** After how many documents that did not match the event loop gets a turn. */
const PAUSE_AFTER = 1000;

export function decoded(found: Found): Doc {
  return (found.document ??= decodeDocument(found.bson));
}

/** The entries of one range, read in pages; nothing stays open in SQLite between two of them. */
function* rangeEntries(
  view: View,
  range: PlannedRange,
  backward: boolean,
  firstPage: number,
): Generator<Entry> {
  let { from, to } = range;
  let page = firstPage;
  for (;;) {
    const entries = view.entries({ from, to }, backward, page);
    yield* entries;
    const last = entries.at(-1);
    if (!last || entries.length < page) return;
    if (backward) to = last.key;
    else from = keyAfter(last.key);
    page = Math.min(LARGEST_PAGE, page * 2);
  }
}

/** A document that a plan leads to; `certain` when it need not be looked into. */
interface Hit extends Found {
  readonly certain: boolean;
}

/** What the ranges hold, one range after the other. */
function* consecutiveHits(view: View, plan: IndexPlan, firstPage: number): Generator<Hit> {
  const { ranges, backward, exact } = plan;
  for (const range of backward ? [...ranges].reverse() : ranges) {
    for (const { rid, bson } of rangeEntries(view, range, backward, firstPage)) {
      yield { rid, bson, certain: exact };
    }
  }
}

/** What merged or intersected ranges hold: only the documents of the result are read. */
function* combinedHits(
  view: View,
  plan: IndexPlan,
  examined: Examined,
): Generator<Hit | undefined> {
  const sets = [plan.ranges, ...plan.intersected];
  // Entries are read ahead of the documents: after a write, a document may not match any more.
  const { version } = view;
  for (const candidate of intersectedTails(view, sets, plan.backward, examined)) {
    if (!candidate) {
      yield undefined;
      continue;
    }
    const rid = recordOf(candidate.tail);
    const bson = view.get(rid);
    const certain = plan.exact && candidate.certain && view.version === version;
    if (bson) yield { rid, bson, certain };
  }
}

function* indexHits(
  view: View,
  plan: IndexPlan,
  examined: Examined,
  expected: number,
): Generator<Hit | undefined> {
  if (plan.merge || plan.intersected.length > 0) {
    yield* combinedHits(view, plan, examined);
    return;
  }
  const most = plan.exact ? Infinity : FIRST_PAGE;
  const firstPage = Math.max(1, Math.min(LARGEST_PAGE, expected, most));
  for (const hit of consecutiveHits(view, plan, firstPage)) {
    examined.keys++;
    yield hit;
  }
}

function* scanned(view: View, collection: Collection, backward: boolean): Generator<Hit> {
  const { from, to } = recordRange(collection);
  if (backward) {
    // `$natural: -1` is rare: the ids are collected first, the documents read one by one.
    const rids = [...scanned(view, collection, false)].map((found) => found.rid);
    for (const rid of rids.reverse()) {
      const bson = view.get(rid);
      if (bson) yield { rid, bson, certain: false };
    }
    return;
  }
  let next = from;
  for (let page = FIRST_PAGE; ; page = Math.min(LARGEST_PAGE, page * 2)) {
    const rows = view.scan(next, to, page);
    for (const { rid, bson } of rows) yield { rid, bson, certain: false };
    const last = rows.at(-1);
    if (!last) return;
    next = last.rid + 1;
  }
}

/**
 * What a plan finds and the predicate confirms; `undefined` is a pause in a long search.
 * @param expected how many results the caller will take at most, to read no more than that
 */
export function* findDocuments(
  view: View,
  collection: Collection,
  plan: Plan,
  predicate: Predicate,
  examined: Examined,
  expected = Infinity,
): Generator<Found | undefined> {
  const source =
    plan.kind === 'index'
      ? indexHits(view, plan, examined, expected)
      : scanned(view, collection, plan.backward);
  const seen = plan.kind === 'index' && plan.repeats ? new Set<number>() : undefined;
  let unmatched = 0;
  for (const hit of source) {
    if (!hit) {
      yield undefined;
      continue;
    }
    const { rid, bson, certain } = hit;
    if (seen?.has(rid)) continue;
    seen?.add(rid);
    examined.docs++;
    const found: Found = { rid, bson };
    if (certain || matches(predicate, decoded(found))) {
      unmatched = 0;
      yield found;
    } else if (++unmatched % PAUSE_AFTER === 0) yield undefined;
  }
}
