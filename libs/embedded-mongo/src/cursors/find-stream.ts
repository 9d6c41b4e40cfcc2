import { decodeDocument } from '../bson/decode.js';
import { recordRange, type Collection } from '../catalog/catalog.js';
import { matches } from '../evaluate/matcher.js';
import type { Predicate } from '../evaluate/predicate.js';
import type { Doc } from '../bson/values.js';
import type { Plan, PlannedRange } from '../planner/plan.js';
import { keyAfter } from '../store/key-range.js';
import type { Entry, View } from '../store/view.js';

/** A document that a query found; decoded only if something looked into it. */
export interface Found {
  readonly rid: number;
  readonly bson: Buffer;
  document?: Doc;
}

/** What a plan cost, for explain. */
export interface Examined {
  keys: number;
  docs: number;
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

/** Merges ranges that are each in order by what follows their prefixes. */
function* mergedEntries(
  view: View,
  ranges: readonly PlannedRange[],
  backward: boolean,
  firstPage: number,
): Generator<Entry> {
  const heads: { entry: Entry; rest: Buffer; source: Generator<Entry>; skip: number }[] = [];
  for (const range of ranges) {
    const source = rangeEntries(view, range, backward, firstPage);
    const first = source.next();
    if (first.done) continue;
    const skip = range.prefixLength;
    heads.push({ entry: first.value, rest: first.value.key.subarray(skip), source, skip });
  }
  const sign = backward ? -1 : 1;
  while (heads.length > 0) {
    let best = heads[0];
    for (const head of heads) {
      if (best && sign * Buffer.compare(head.rest, best.rest) < 0) best = head;
    }
    if (!best) return;
    yield best.entry;
    const next = best.source.next();
    if (next.done) heads.splice(heads.indexOf(best), 1);
    else {
      best.entry = next.value;
      best.rest = next.value.key.subarray(best.skip);
    }
  }
}

function* planEntries(
  view: View,
  plan: Plan & { kind: 'index' },
  firstPage: number,
): Generator<Entry> {
  const { ranges, backward } = plan;
  if (plan.merge) {
    yield* mergedEntries(view, ranges, backward, firstPage);
    return;
  }
  for (const range of backward ? [...ranges].reverse() : ranges) {
    yield* rangeEntries(view, range, backward, firstPage);
  }
}

function* scanned(view: View, collection: Collection, backward: boolean): Generator<Found> {
  const { from, to } = recordRange(collection);
  if (backward) {
    // `$natural: -1` is rare: the ids are collected first, the documents read one by one.
    const rids = [...scanned(view, collection, false)].map((found) => found.rid);
    for (const rid of rids.reverse()) {
      const bson = view.get(rid);
      if (bson) yield { rid, bson };
    }
    return;
  }
  let next = from;
  for (let page = FIRST_PAGE; ; page = Math.min(LARGEST_PAGE, page * 2)) {
    const rows = view.scan(next, to, page);
    yield* rows;
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
  const seen = plan.kind === 'index' && plan.index.multikey ? new Set<number>() : undefined;
  const exact = plan.kind === 'index' && plan.exact;
  const firstPage = Math.max(1, Math.min(LARGEST_PAGE, expected, exact ? Infinity : FIRST_PAGE));
  const source =
    plan.kind === 'index'
      ? planEntries(view, plan, firstPage)
      : scanned(view, collection, plan.backward);
  let unmatched = 0;
  for (const { rid, bson } of source) {
    if (plan.kind === 'index') examined.keys++;
    if (seen?.has(rid)) continue;
    seen?.add(rid);
    examined.docs++;
    const found: Found = { rid, bson };
    if (exact || matches(predicate, decoded(found))) {
      unmatched = 0;
      yield found;
    } else if (++unmatched % PAUSE_AFTER === 0) yield undefined;
  }
}
