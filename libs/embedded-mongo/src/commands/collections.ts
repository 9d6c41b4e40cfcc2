import { doc, Doc } from '../bson/values.js';
import { checkNamespace, type Collection } from '../catalog/catalog.js';
import { CommandError, notImplemented } from '../errors.js';
import { filterOf } from './query.js';
import { matches } from '../evaluate/matcher.js';
import { collectionName, type Answer, type Command, type CommandContext } from './command.js';

const UNSUPPORTED_OPTIONS = [
  'capped',
  'size',
  'max',
  'timeseries',
  'viewOn',
  'pipeline',
  'validator',
  'clusteredIndex',
  'encryptedFields',
  'changeStreamPreAndPostImages',
  'expireAfterSeconds',
  'storageEngine',
  'indexOptionDefaults',
  'collation',
  'validationLevel',
  'validationAction',
];

function create(context: CommandContext): Answer {
  const { engine, db, args } = context;
  const name = collectionName(context);
  checkNamespace(db, name);
  for (const option of UNSUPPORTED_OPTIONS) {
    if (args.has(option) && args.value(option) !== false) {
      throw notImplemented(`The collection option ${option}`);
    }
  }
  if (engine.catalog.find(db, name)) {
    if (context.transaction) return {};
    throw new CommandError('NamespaceExists', `Collection ${db}.${name} already exists.`);
  }
  const collection = engine.catalog.create(db, name, new Doc());
  context.transaction?.touch(collection);
  return {};
}

function drop({ engine, db, args, name }: CommandContext): Answer {
  const collection = engine.catalog.find(db, args.string(name));
  // Since MongoDB 7.0 it is no error to drop what is not there.
  if (!collection) return {};
  const indexes = collection.indexes.length;
  engine.catalog.drop(collection);
  return { nIndexesWas: indexes, ns: collection.namespace };
}

function dropDatabase({ engine, db }: CommandContext): Answer {
  for (const collection of engine.catalog.inDatabase(db)) engine.catalog.drop(collection);
  return { dropped: db };
}

function describe(collection: Collection, nameOnly: boolean): Doc {
  const described = new Doc([
    ['name', collection.name],
    ['type', 'collection'],
  ]);
  if (nameOnly) return described;
  const [idIndex] = collection.indexes;
  described.set('options', collection.options);
  described.set('info', doc({ readOnly: false, uuid: collection.uuid }));
  if (idIndex) described.set('idIndex', idIndex.spec);
  return described;
}

function listCollections({ engine, db, args }: CommandContext): Answer {
  const filter = filterOf(args.optionalDocument('filter'));
  const nameOnly = args.flag('nameOnly');
  const all = engine.catalog.inDatabase(db).map((collection) => describe(collection, nameOnly));
  const firstBatch = all.filter((described) => matches(filter, described));
  return { cursor: { id: 0n, ns: `${db}.$cmd.listCollections`, firstBatch } };
}

function listDatabases({ engine, args }: CommandContext): Answer {
  const filter = filterOf(args.optionalDocument('filter'));
  const names = new Set([...engine.catalog.all()].map((collection) => collection.db));
  const databases = [...names].sort().map((name) => new Doc([['name', name]]));
  return {
    databases: databases
      .filter((database) => matches(filter, database))
      .map((database) => ({ name: database.get('name'), sizeOnDisk: 0, empty: false })),
    totalSize: 0,
  };
}

export const collectionCommands: Record<string, Command> = {
  create: {
    options: new Set([...UNSUPPORTED_OPTIONS, 'autoIndexId', 'idIndex']),
    inTransaction: true,
    run: create,
  },
  drop: { options: new Set(), run: drop },
  dropDatabase: { options: new Set(), run: dropDatabase },
  listCollections: {
    options: new Set(['filter', 'nameOnly', 'authorizedCollections', 'cursor']),
    run: listCollections,
  },
  listDatabases: {
    options: new Set(['filter', 'nameOnly', 'authorizedDatabases']),
    run: listDatabases,
  },
};
