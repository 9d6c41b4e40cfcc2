import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.setup.js';
import { readConfig, type Environment } from '../../src/config/app-config.js';
import { ApiClient } from './api-client.js';
import { startTestDatabase } from './database.js';

export const TEST_JWT_SECRET = 'a key for tests that is long enough to sign with';

export interface TestApp {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly databaseUri: string;
  /** Nobody's client: it sends no token. */
  readonly anonymous: ApiClient;
  /** The client of a user that was registered just now, signed in. */
  newUser(): Promise<ApiClient>;
  stop(): Promise<void>;
}

export interface TestAppOptions {
  /** Added to the environment that the configuration is read from. */
  readonly env?: Environment;
  /** Another app's database; one of its own when absent. */
  readonly databaseUri?: string;
  /** What a build of the page made; a folder that is not there when absent. */
  readonly pageDir?: string;
}

/** How long open connections may keep an application from ending. */
const PATIENCE_MS = 2_000;

let users = 0;

/** The real application with a real database, listening on a free port. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database =
    options.databaseUri === undefined
      ? await startTestDatabase()
      : { uri: options.databaseUri, stop: () => Promise.resolve() };
  const config = readConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...options.env,
  });
  const app = await createApp({
    config,
    databaseUri: database.uri,
    jwtSecret: TEST_JWT_SECRET,
    pageDir: options.pageDir ?? join(__dirname, 'page'),
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const anonymous = new ApiClient(url);
  return {
    url,
    app,
    databaseUri: database.uri,
    anonymous,
    newUser() {
      users += 1;
      return anonymous.register(`user-${users}-${process.pid}`);
    },
    async stop() {
      // As `server.ts` does: a client's spare connection that never sent anything is not idle to Node.
      const patience = setTimeout(() => app.getHttpServer().closeAllConnections(), PATIENCE_MS);
      await app.close();
      clearTimeout(patience);
      await database.stop();
    },
  };
}
