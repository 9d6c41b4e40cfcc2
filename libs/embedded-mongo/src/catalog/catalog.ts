import { randomBytes } from 'node:crypto';
import { decodeDocument } from '../bson/decode.js';
import { encodeDocument } from '../bson/encode.js';
import { Binary, Doc, doc, Int32 } from '../bson/values.js';
import { CommandError } from '../errors.js';
import type { Store } from '../store/store.js';
import { arraysToNumber, indexFromSpec, type Index } from './index-definition.js';

/** Record ids carry their collection in the high bits: one table, scanned by ranges. */
const RIDS_PER_COLLECTION = 2 ** 36;
const MAX_COLLECTION_ID = 2 ** 17 - 1;

export interface Collection {
  readonly id: number;
  readonly db: string;
  readonly name: string;
  /** `db.name` */
  readonly namespace: string;
  readonly uuid: Binary;
  readonly options: Doc;
  indexes: readonly Index[];
  /** The catalogue's generation at the last change of the indexes; older snapshots must abort. */
  version: number;
  nextRid: number;
}

/** The half-open range of record ids that belong to a collection. */
export function recordRange(collection: Collection): { from: number; to: number } {
  const from = collection.id * RIDS_PER_COLLECTION;
  return { from, to: from + RIDS_PER_COLLECTION };
}

/** Databases, collections and indexes; held in memory, written through. */
export class Catalog {
  private readonly collections = new Map<string, Collection>();
  private nextId = 1;
  /** Raised with every change; cached plans of an older generation are void. */
  generation = 0;

  constructor(private readonly store: Store) {
    this.load();
  }

  find(db: string, name: string): Collection | undefined {
    return this.collections.get(`${db}.${name}`);
  }

  /** The collection that a record belongs to, where there still is one. */
  ofRecord(rid: number): Collection | undefined {
    const id = Math.floor(rid / RIDS_PER_COLLECTION);
    return [...this.collections.values()].find((collection) => collection.id === id);
  }

  all(): IterableIterator<Collection> {
    return this.collections.values();
  }

  inDatabase(db: string): Collection[] {
    return [...this.collections.values()].filter((collection) => collection.db === db);
  }

  /** The collection, created with its `_id` index when it is not there. */
  ensure(db: string, name: string): Collection {
    return this.find(db, name) ?? this.create(db, name, new Doc());
  }

  create(db: string, name: string, options: Doc): Collection {
    checkNamespace(db, name);
    if (this.nextId > MAX_COLLECTION_ID) {
      throw new CommandError('BadValue', 'too many collections were created');
    }
    const id = this.nextId++;
    const uuid = randomUuid();
    this.store.mutate(() =>
      this.store.connection
        .prepare('INSERT INTO collections (id, db, name, uuid, options) VALUES (?, ?, ?, ?, ?)')
        .run(id, db, name, uuid.bytes, encodeDocument(options)),
    );
    const collection = this.register(id, db, name, uuid, options, id * RIDS_PER_COLLECTION + 1);
    this.addIndex(
      collection,
      doc({ v: new Int32(2), key: doc({ _id: new Int32(1) }), name: '_id_' }),
    );
    // An older snapshot sees the new collection as empty, which is right.
    collection.version = 0;
    return collection;
  }

  /** Records an index; its entries are written by the caller. */
  addIndex(collection: Collection, spec: Doc): Index {
    const id = this.store.mutate(() =>
      Number(
        this.store.connection
          .prepare('INSERT INTO indexes (collection, spec) VALUES (?, ?)')
          .run(collection.id, encodeDocument(spec)).lastInsertRowid,
      ),
    );
    const index = indexFromSpec(id, spec, 0);
    this.changed(collection, [...collection.indexes, index]);
    return index;
  }

  removeIndex(collection: Collection, index: Index): void {
    this.store.indexPending();
    this.store.mutate(() => {
      this.store.connection.prepare('DELETE FROM indexes WHERE id = ?').run(index.id);
      this.removeEntries(index);
    });
    this.changed(
      collection,
      collection.indexes.filter((other) => other !== index),
    );
  }

  /** Replaces an index's specification (collMod); its entries stay. */
  changeSpec(collection: Collection, index: Index, spec: Doc): void {
    this.store.mutate(() =>
      this.store.connection
        .prepare('UPDATE indexes SET spec = ? WHERE id = ?')
        .run(encodeDocument(spec), index.id),
    );
    const changed = indexFromSpec(index.id, spec, arraysToNumber(index.arrays));
    this.changed(
      collection,
      collection.indexes.map((other) => (other === index ? changed : other)),
    );
  }

  /** Records on which of the index's paths (by position) a document has arrays, for good. */
  markArrays(index: Index, positions: readonly number[]): void {
    if (positions.every((at) => index.arrays.has(at))) return;
    for (const at of positions) index.arrays.add(at);
    this.generation++;
    this.store.mutate(() =>
      this.store.connection
        .prepare('UPDATE indexes SET multikey = ? WHERE id = ?')
        .run(arraysToNumber(index.arrays), index.id),
    );
  }

  drop(collection: Collection): void {
    const { from, to } = recordRange(collection);
    this.store.indexPending();
    this.store.mutate(() => {
      const { connection } = this.store;
      for (const index of collection.indexes) this.removeEntries(index);
      connection.prepare('DELETE FROM indexes WHERE collection = ?').run(collection.id);
      connection.prepare('DELETE FROM docs WHERE rid >= ? AND rid < ?').run(from, to);
      connection.prepare('DELETE FROM collections WHERE id = ?').run(collection.id);
    });
    this.changed(collection, []);
    this.collections.delete(collection.namespace);
  }

  private removeEntries(index: Index): void {
    const from = Buffer.alloc(4);
    const to = Buffer.alloc(4);
    from.writeUInt32BE(index.id);
    to.writeUInt32BE(index.id + 1);
    this.store.connection.prepare('DELETE FROM idx WHERE key >= ? AND key < ?').run(from, to);
  }

  private changed(collection: Collection, indexes: readonly Index[]): void {
    collection.indexes = indexes;
    collection.version = ++this.generation;
  }

  private register(
    id: number,
    db: string,
    name: string,
    uuid: Binary,
    options: Doc,
    nextRid: number,
  ): Collection {
    const namespace = `${db}.${name}`;
    const collection: Collection = {
      id,
      db,
      name,
      namespace,
      uuid,
      options,
      indexes: [],
      version: 0,
      nextRid,
    };
    this.collections.set(namespace, collection);
    return collection;
  }

  private load(): void {
    const { connection } = this.store;
    const rows = connection
      .prepare('SELECT id, db, name, uuid, options FROM collections')
      .all() as {
      id: number;
      db: string;
      name: string;
      uuid: Buffer;
      options: Buffer;
    }[];
    const last = connection.prepare('SELECT max(rid) FROM docs WHERE rid >= ? AND rid < ?').pluck();
    const indexes = connection.prepare(
      'SELECT id, spec, multikey FROM indexes WHERE collection = ? ORDER BY id',
    );
    for (const { id, db, name, uuid, options } of rows) {
      const from = id * RIDS_PER_COLLECTION;
      const highest = (last.get(from, from + RIDS_PER_COLLECTION) as number | null) ?? from;
      const collection = this.register(
        id,
        db,
        name,
        new Binary(uuid, 4),
        decodeDocument(options),
        highest + 1,
      );
      const specs = indexes.all(id) as { id: number; spec: Buffer; multikey: number }[];
      collection.indexes = specs.map((row) =>
        indexFromSpec(row.id, decodeDocument(row.spec), row.multikey),
      );
      this.nextId = Math.max(this.nextId, id + 1);
    }
  }
}

function randomUuid(): Binary {
  const bytes = randomBytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return new Binary(bytes, 4);
}

const MAX_NAMESPACE_BYTES = 255;

/** @throws CommandError InvalidNamespace */
export function checkNamespace(db: string, name: string): void {
  const invalid =
    db === '' ||
    /[\0/\\. "$]/.test(db) ||
    Buffer.byteLength(db) > 63 ||
    name === '' ||
    /[\0$]/.test(name) ||
    name.startsWith('.') ||
    name.startsWith('system.') ||
    Buffer.byteLength(`${db}.${name}`) > MAX_NAMESPACE_BYTES;
  if (invalid) {
    throw new CommandError('InvalidNamespace', `Invalid namespace specified '${db}.${name}'`);
  }
}
