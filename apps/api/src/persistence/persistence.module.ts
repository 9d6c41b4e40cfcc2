import { Global, Module, type DynamicModule } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import mongoose from 'mongoose';
import { DatabaseHealth } from './database-health.js';
import { IndexBuilder } from './index-builder.js';
import { Transactions } from './transactions.js';
import { Upgrades } from './upgrades.js';

/** Used where the connection string names no database. */
const DEFAULT_DATABASE = 'chat';
/** Long enough for an election in a replica set, short enough to fail a start clearly. */
const SERVER_SELECTION_MS = 5_000;
/** One request holds a connection for its few round trips only; more would queue in the server. */
const MAX_CONNECTIONS = 32;

/** The connection to the database, transactions and indexes. */
@Global()
@Module({})
export class PersistenceModule {
  /** @param uri where the database is; its path names the database, `chat` where it names none. */
  static forRoot(uri: string): DynamicModule {
    mongoose.set('transactionAsyncLocalStorage', true);
    // An operator object where a string is expected must never reach the database as an operator.
    mongoose.set('sanitizeFilter', true);
    mongoose.set('strictQuery', 'throw');
    return {
      module: PersistenceModule,
      imports: [
        MongooseModule.forRoot(uri, {
          ...(namesDatabase(uri) ? {} : { dbName: DEFAULT_DATABASE }),
          autoIndex: false,
          autoCreate: false,
          bufferCommands: false,
          retryAttempts: 0,
          serverSelectionTimeoutMS: SERVER_SELECTION_MS,
          maxPoolSize: MAX_CONNECTIONS,
          writeConcern: { w: 'majority', journal: true },
        }),
      ],
      providers: [DatabaseHealth, IndexBuilder, Transactions, Upgrades],
      exports: [DatabaseHealth, Transactions, Upgrades],
    };
  }
}

function namesDatabase(uri: string): boolean {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]+/.test(uri);
}
