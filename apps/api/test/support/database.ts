import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedServer } from '@chat/embedded-mongo';
import mongoose from 'mongoose';

/** A database that nobody else uses. */
export interface TestDatabase {
  readonly uri: string;
  /** Removes it with everything in it. */
  stop(): Promise<void>;
}

/**
 * The embedded database in a folder of its own, or, where `TEST_MONGODB_URI` is set, a database of
 * its own in that deployment.
 */
export async function startTestDatabase(): Promise<TestDatabase> {
  const deployment = process.env.TEST_MONGODB_URI;
  return deployment === undefined || deployment === ''
    ? startEmbedded()
    : nameDatabase(new URL(deployment));
}

async function startEmbedded(): Promise<TestDatabase> {
  const dataDir = await temporaryDir();
  const server = await startEmbeddedServer({ dataDir });
  return {
    uri: server.uri,
    async stop() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function nameDatabase(uri: URL): TestDatabase {
  uri.pathname = `/chat_test_${randomBytes(6).toString('hex')}`;
  return {
    uri: uri.href,
    async stop() {
      await withDatabase(uri.href, (connection) => connection.dropDatabase());
    },
  };
}

/** Looks at the database past the API, over a connection of its own. */
export async function withDatabase<T>(
  uri: string,
  look: (connection: mongoose.Connection) => Promise<T>,
): Promise<T> {
  const connection = await mongoose.createConnection(uri).asPromise();
  try {
    return await look(connection);
  } finally {
    await connection.close();
  }
}

/** A new empty folder in the system's place for such. */
export function temporaryDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'chat-api-'));
}
