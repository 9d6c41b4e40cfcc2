import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.setup.js';
import { ConfigError, type AppConfig } from './config/app-config.js';
import { loadJwtSecret } from './config/secrets.js';
import { openDatabase, type Database } from './persistence/database.js';

/** What is left for closing connections once the grace time is over, in milliseconds. */
const LAST_WORD_MS = 2_000;

export interface RunningServer {
  /** Resolves with the exit code when the server has ended. */
  readonly finished: Promise<number>;
}

/**
 * Opens the database, listens, and ends on SIGTERM or SIGINT: no new connections, running requests
 * get `SHUTDOWN_GRACE_MS`, the database is closed last.
 *
 * @throws with one line for a person, where it cannot start.
 */
export async function startServer(config: AppConfig, pageDir: string): Promise<RunningServer> {
  const jwtSecret = await loadJwtSecret(config);
  const database = await openDatabase(config);
  try {
    const app = await connect(config, database, jwtSecret, pageDir);
    await listen(app, config);
    announce(app, config);
    return { finished: untilStopped(app, database, config) };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function connect(
  config: AppConfig,
  database: Database,
  jwtSecret: string,
  pageDir: string,
): Promise<NestFastifyApplication> {
  try {
    return await createApp({
      config,
      databaseUri: database.uri,
      jwtSecret,
      pageDir,
      readableLogs: isWatched(config),
    });
  } catch (error) {
    if (!(error instanceof Error) || !error.name.startsWith('Mongo')) throw error;
    throw new ConfigError(
      `The database cannot be used: ${error.message.split('\n', 1)[0] ?? ''}. Check MONGODB_URI and that the server runs.`,
    );
  }
}

async function listen(app: NestFastifyApplication, { host, port }: AppConfig): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new ConfigError(
        `PORT ${port} is in use on ${host}: stop what listens there or set PORT to another (0 picks a free one).`,
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new ConfigError(`HOST "${host}" with PORT ${port} cannot be listened on (${code}).`);
    }
    throw error;
  }
}

/** The first line that says ready; always said, whatever is logged. */
function announce(app: NestFastifyApplication, config: AppConfig): void {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const local = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(config.host);
  const host = local ? 'localhost' : config.host.includes(':') ? `[${config.host}]` : config.host;
  const text = `Chat Sessions is ready at http://${host}:${port}/chat-ui`;
  const line = isWatched(config)
    ? text
    : JSON.stringify({ level: 30, time: Date.now(), msg: text });
  process.stdout.write(`${line}\n`);
}

/** Whether a person looks at the output. */
function isWatched(config: AppConfig): boolean {
  return config.environment !== 'production' && process.stdout.isTTY;
}

async function untilStopped(
  app: NestFastifyApplication,
  database: Database,
  config: AppConfig,
): Promise<number> {
  const asked = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const lost = await Promise.race([asked.then(() => undefined), database.lost]);
  if (lost !== undefined) process.stderr.write(`${lost}\n`);
  // Whoever asks a second time does not want to wait.
  process.once('SIGINT', () => process.exit(130));
  const http = app.getHttpServer();
  const patience = setTimeout(() => {
    http.closeAllConnections();
  }, config.shutdownGraceMs);
  // A driver whose database is gone can wait for it longer than anybody waits for an end.
  await Promise.race([app.close(), delay(config.shutdownGraceMs + LAST_WORD_MS)]);
  clearTimeout(patience);
  await database.stop();
  return lost === undefined ? 0 : 1;
}
