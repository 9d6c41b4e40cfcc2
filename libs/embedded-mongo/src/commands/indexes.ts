import { decodeDocument } from '../bson/decode.js';
import { encodeDocument } from '../bson/encode.js';
import { toDouble } from '../bson-order/numbers.js';
import { Doc, Int32, isNumeric, type Value } from '../bson/values.js';
import { recordRange, type Collection } from '../catalog/catalog.js';
import { duplicateKey } from '../catalog/document-writer.js';
import { MAX_INDEX_FIELDS, type Index } from '../catalog/index-definition.js';
import { keysOf } from '../catalog/index-keys.js';
import { CommandError, notImplemented } from '../errors.js';
import { parseFilter } from '../evaluate/filter-parser.js';
import { entryKey, prefixRange } from '../store/key-range.js';
import { Arguments } from './arguments.js';
import {
  collectionName,
  ensureCollection,
  type Answer,
  type Command,
  type CommandContext,
} from './command.js';

const SPEC_OPTIONS = new Set([
  'key',
  'name',
  'v',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  // Ignored by MongoDB itself since 4.2.
  'background',
  'ns',
  'collation',
  'hidden',
]);

const MAX_INDEXES = 64;
const PAGE = 500;

function cannot(message: string): CommandError {
  return new CommandError('CannotCreateIndex', message);
}

/** Checks an index specification and brings it into the form that is kept. */
function normalise(spec: Doc): Doc {
  for (const option of spec.keys()) {
    if (!SPEC_OPTIONS.has(option)) throw notImplemented(`The index option ${option}`);
  }
  const key = spec.get('key');
  if (!(key instanceof Doc) || key.size === 0) throw cannot('Index keys cannot be an empty object');
  if (key.size > MAX_INDEX_FIELDS) throw cannot(`Index has more than ${MAX_INDEX_FIELDS} fields`);
  for (const [field, direction] of key) checkField(field, direction);
  const collation = spec.get('collation');
  if (collation instanceof Doc && collation.get('locale') !== 'simple') {
    throw notImplemented('An index with a collation');
  }
  if (spec.get('hidden') === true) throw notImplemented('A hidden index');
  const result = new Doc([
    ['v', new Int32(2)],
    ['key', key],
  ] as [string, Value][]);
  result.set('name', indexName(spec, key));
  for (const option of ['unique', 'sparse']) {
    if (spec.get(option) === true) result.set(option, true);
  }
  const filter = spec.get('partialFilterExpression');
  if (filter !== undefined) {
    if (!(filter instanceof Doc)) throw cannot('partialFilterExpression must be an object');
    if (spec.get('sparse') === true)
      throw cannot('cannot mix "partialFilterExpression" and "sparse" options');
    parseFilter(filter);
    result.set('partialFilterExpression', filter);
  }
  const expire = spec.get('expireAfterSeconds');
  if (expire !== undefined) result.set('expireAfterSeconds', checkExpiry(key, expire));
  return result;
}

function checkField(field: string, direction: Value): void {
  if (typeof direction === 'string') throw notImplemented(`An index of type '${direction}'`);
  if (!isNumeric(direction) || toDouble(direction) === 0) {
    throw cannot(
      `Values in v:2 index key pattern must be numbers other than 0, or types: ${field}`,
    );
  }
  if (field === '' || field.includes('$') || field.split('.').includes('')) {
    throw cannot(`Index key contains an illegal field name: '${field}'`);
  }
}

function indexName(spec: Doc, key: Doc): string {
  const given = spec.get('name');
  if (typeof given === 'string' && given !== '' && given !== '*') return given;
  if (given !== undefined) throw cannot('the index name must be a string other than "" and "*"');
  return [...key].map(([field, way]) => `${field}_${isNumeric(way) ? toDouble(way) : 1}`).join('_');
}

function checkExpiry(key: Doc, expire: Value): Value {
  if (!isNumeric(expire) || toDouble(expire) < 0 || toDouble(expire) > 2147483647) {
    throw cannot('TTL index must have an expireAfterSeconds between 0 and 2147483647');
  }
  if (key.size !== 1 || key.has('_id')) {
    throw cannot('TTL indexes are single-field indexes, compound indexes do not support TTL');
  }
  return expire;
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  return encodeDocument({ value: a }).equals(encodeDocument({ value: b }));
}

function samePattern(a: Value | undefined, b: Value | undefined): boolean {
  if (!(a instanceof Doc) || !(b instanceof Doc)) return false;
  const text = (pattern: Doc) =>
    [...pattern].map(([field, way]) => `${field}:${isNumeric(way) ? toDouble(way) : ''}`).join();
  return text(a) === text(b);
}

/** @returns the existing index when the request repeats it; @throws when it contradicts one */
function existing(collection: Collection, spec: Doc): Index | undefined {
  for (const index of collection.indexes) {
    const named = index.name === spec.get('name');
    const alike =
      samePattern(index.spec.get('key'), spec.get('key')) &&
      same(index.spec.get('partialFilterExpression'), spec.get('partialFilterExpression'));
    if (!named && !alike) continue;
    if (index.name === '_id_' && alike) return index;
    const options =
      index.unique === (spec.get('unique') === true) &&
      index.sparse === (spec.get('sparse') === true) &&
      same(index.spec.get('expireAfterSeconds'), spec.get('expireAfterSeconds'));
    if (named && alike && options) return index;
    if (named) {
      throw new CommandError(
        'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${index.name}`,
      );
    }
    throw new CommandError(
      'IndexOptionsConflict',
      `Index already exists with a different name: ${index.name}`,
    );
  }
  return undefined;
}

/** Writes the entries of a new index; a duplicate undoes the index. */
function build(context: CommandContext, collection: Collection, index: Index): void {
  const { catalog, store, newest } = context.engine;
  const { to } = recordRange(collection);
  let { from } = recordRange(collection);
  for (;;) {
    const rows = newest.scan(from, to, PAGE);
    for (const { rid, bson } of rows) {
      const document = decodeDocument(bson);
      const { keys, arrays } = keysOf(index, document);
      catalog.markArrays(index, arrays);
      for (const key of keys) {
        if (index.unique && newest.countEntries(prefixRange(key)) > 0) {
          throw duplicateKey(collection, index, document);
        }
      }
      store.addEntries(
        keys.map((key) => entryKey(key, rid)),
        rid,
      );
    }
    const last = rows.at(-1);
    if (!last) return;
    from = last.rid + 1;
  }
}

function createIndexes(context: CommandContext): Answer {
  const { engine, db, args } = context;
  const name = collectionName(context);
  const specs = args.documents('indexes').map(normalise);
  if (specs.length === 0)
    throw new CommandError('BadValue', 'Must specify at least one index to create');
  const createdCollectionAutomatically = engine.catalog.find(db, name) === undefined;
  const collection = ensureCollection(context, db, name);
  const numIndexesBefore = collection.indexes.length;
  const created: Index[] = [];
  try {
    for (const spec of specs) {
      if (existing(collection, spec)) continue;
      if (collection.indexes.length >= MAX_INDEXES) {
        throw cannot(`add index fails, too many indexes for ${collection.namespace}`);
      }
      const index = engine.catalog.addIndex(collection, spec);
      created.push(index);
      build(context, collection, index);
    }
  } catch (error) {
    for (const index of created) engine.catalog.removeIndex(collection, index);
    throw error;
  }
  const repeated = created.length === 0 ? { note: 'all indexes already exist' } : {};
  return {
    numIndexesBefore,
    numIndexesAfter: collection.indexes.length,
    createdCollectionAutomatically,
    ...repeated,
  };
}

function required({ engine, db }: CommandContext, name: string): Collection {
  const collection = engine.catalog.find(db, name);
  if (!collection) throw new CommandError('NamespaceNotFound', `ns does not exist: ${db}.${name}`);
  return collection;
}

function listIndexes(context: CommandContext): Answer {
  const collection = required(context, collectionName(context));
  return {
    cursor: {
      id: 0n,
      ns: collection.namespace,
      firstBatch: collection.indexes.map((index) => index.spec),
    },
  };
}

function dropIndexes(context: CommandContext): Answer {
  const collection = required(context, collectionName(context));
  const nIndexesWas = collection.indexes.length;
  const wanted = context.args.value('index') ?? null;
  const names = Array.isArray(wanted) ? wanted : [wanted];
  const doomed =
    wanted === '*'
      ? collection.indexes.filter((index) => index.name !== '_id_')
      : names.map((name) => namedIndex(collection, name));
  for (const index of doomed) {
    if (index.name === '_id_') throw new CommandError('InvalidOptions', 'cannot drop _id index');
  }
  for (const index of doomed) context.engine.catalog.removeIndex(collection, index);
  return { nIndexesWas };
}

function namedIndex(collection: Collection, name: Value): Index {
  const found = collection.indexes.find((index) =>
    name instanceof Doc ? samePattern(index.spec.get('key'), name) : index.name === name,
  );
  if (!found) {
    throw new CommandError(
      'IndexNotFound',
      typeof name === 'string'
        ? `index not found with name [${name}]`
        : "can't find index with key",
    );
  }
  return found;
}

/** `collMod` for the one change that applications make: when a TTL index expires. */
function collMod(context: CommandContext): Answer {
  const collection = required(context, collectionName(context));
  const index = new Arguments('collMod.index', context.args.document('index')).only(
    new Set(['keyPattern', 'name', 'expireAfterSeconds']),
  );
  const found = namedIndex(collection, index.value('keyPattern') ?? index.string('name'));
  const key = found.spec.get('key');
  const wanted = index.value('expireAfterSeconds') ?? null;
  if (!(key instanceof Doc)) throw cannot('the index has no key');
  const spec = new Doc(found.spec);
  spec.set('expireAfterSeconds', checkExpiry(key, wanted));
  context.engine.catalog.changeSpec(collection, found, spec);
  return {
    ...(found.expireAfterSeconds === undefined
      ? {}
      : { expireAfterSeconds_old: found.expireAfterSeconds }),
    expireAfterSeconds_new: wanted,
  };
}

export const indexCommands: Record<string, Command> = {
  collMod: { options: new Set(['index']), run: collMod },
  createIndexes: { options: new Set(['indexes', 'commitQuorum']), run: createIndexes },
  listIndexes: { options: new Set(['cursor']), run: listIndexes },
  dropIndexes: { options: new Set(['index']), run: dropIndexes },
};
