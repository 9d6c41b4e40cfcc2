import { MAX_DOCUMENT_BYTES } from '../bson/decode.js';
import { encodeDocument } from '../bson/encode.js';
import { Doc, type Value } from '../bson/values.js';
import { formatValue } from '../bson/format.js';
import { CommandError } from '../errors.js';
import { valueAt } from '../evaluate/paths.js';
import { entryKey, prefixRange } from '../store/key-range.js';
import type { WritableView } from '../store/view.js';
import type { Catalog, Collection } from './catalog.js';
import type { Index } from './index-definition.js';
import { keysOf, NO_KEYS } from './index-keys.js';

/** A document with the bytes that are or will be stored. */
export interface StoredState {
  readonly document: Doc;
  readonly bson: Buffer;
}

/** The error for a second document with the same unique key, shaped as MongoDB's. */
export function duplicateKey(collection: Collection, index: Index, document: Doc): CommandError {
  const keyPattern = index.spec.get('key') ?? null;
  const keyValue = new Doc();
  for (const { field, path } of index.fields) {
    keyValue.set(field, valueAt(document, path) ?? null);
  }
  const shown = [...keyValue].map(([field, value]) => `${field}: ${formatValue(value)}`).join(', ');
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${collection.namespace} index: ${index.name} dup key: { ${shown} }`,
    {
      fields: new Doc([
        ['keyPattern', keyPattern],
        ['keyValue', keyValue],
      ] as [string, Value][]),
    },
  );
}

/** Keeps documents and their index entries in step, in whatever view is written to. */
export class DocumentWriter {
  constructor(private readonly catalog: Catalog) {}

  /** @throws CommandError DuplicateKey, BSONObjectTooLarge; and as `WritableView.write` */
  insert(view: WritableView, collection: Collection, document: Doc, raw?: Buffer): StoredState {
    const state = this.store(document, raw);
    const rid = collection.nextRid;
    this.change(view, collection, rid, undefined, state);
    collection.nextRid = rid + 1;
    return state;
  }

  replace(
    view: WritableView,
    collection: Collection,
    rid: number,
    before: Doc,
    after: Doc,
  ): StoredState {
    const state = this.store(after);
    this.change(view, collection, rid, before, state);
    return state;
  }

  remove(view: WritableView, collection: Collection, rid: number, before: Doc): void {
    this.change(view, collection, rid, before, undefined);
  }

  private store(document: Doc, raw?: Buffer): StoredState {
    const bson = raw ?? encodeDocument(document);
    if (bson.length > MAX_DOCUMENT_BYTES) {
      throw new CommandError(
        'BSONObjectTooLarge',
        `object to insert too large. size in bytes: ${bson.length}, max size: ${MAX_DOCUMENT_BYTES}`,
      );
    }
    return { document, bson };
  }

  private change(
    view: WritableView,
    collection: Collection,
    rid: number,
    before: Doc | undefined,
    after: StoredState | undefined,
  ): void {
    view.claim(rid);
    const removed: Buffer[] = [];
    const added: Buffer[] = [];
    const uniqueKeys: Buffer[] = [];
    for (const index of collection.indexes) {
      if (before && after && !isTouched(index, before, after.document)) continue;
      const old = before ? keysOf(index, before).keys : [];
      const next = after ? keysOf(index, after.document) : NO_KEYS;
      // Also when the write then fails: a path that is taken for an array costs speed alone.
      this.catalog.markArrays(index, next.arrays);
      const fresh = without(next.keys, old);
      const gone = without(old, next.keys);
      for (const key of gone) removed.push(entryKey(key, rid));
      for (const key of fresh) added.push(entryKey(key, rid));
      if (index.unique && after) {
        this.checkUnique(view, collection, index, fresh, after.document);
      }
      // A removed unique key stays ours until the transaction ends: it may yet be undone.
      if (index.unique) uniqueKeys.push(...fresh, ...gone);
    }
    view.write({ rid, ...(after ? { after: after.bson } : {}), removed, added, uniqueKeys });
  }

  private checkUnique(
    view: WritableView,
    collection: Collection,
    index: Index,
    keys: readonly Buffer[],
    document: Doc,
  ): void {
    for (const key of keys) {
      view.claimUnique(key);
      if (view.countEntries(prefixRange(key)) > 0) throw duplicateKey(collection, index, document);
    }
  }
}

/** The keys that are not among the others. */
function without(keys: readonly Buffer[], others: readonly Buffer[]): readonly Buffer[] {
  if (keys.length === 0 || others.length === 0) return keys;
  if (keys.length === 1 && others.length === 1) {
    return keys[0]?.equals(others[0] ?? keys[0]) === true ? [] : keys;
  }
  const known = new Set(others.map((key) => key.toString('latin1')));
  return keys.filter((key) => !known.has(key.toString('latin1')));
}

/** Updates share what they do not change, so identity tells whether an index can be skipped. */
function isTouched(index: Index, before: Doc, after: Doc): boolean {
  if (index.touchedBy.size === 0) return true;
  for (const field of index.touchedBy) {
    if (before.get(field) !== after.get(field)) return true;
  }
  return false;
}
