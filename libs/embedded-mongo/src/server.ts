import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Dispatcher } from './commands/dispatcher.js';
import { Engine } from './engine.js';
import { stderrLogger, type Logger } from './logger.js';
import { openFolder, prepareDatabase, storageError, type Folder } from './store/files.js';
import { Store } from './store/store.js';
import { Listener, socketEndpoint } from './wire/listener.js';

export interface EmbeddedServerOptions {
  /** The folder for everything that is kept; created when missing. */
  readonly dataDir: string;
  /** Listens on 127.0.0.1 (0 picks a free port), without authentication, instead of a socket. */
  readonly port?: number;
  readonly logger?: Logger;
  /** Told once when the disk fails; by then every waiting command has failed too. */
  readonly onFatal?: (error: Error) => void;
}

export interface EmbeddedServer {
  /** A connection string for any MongoDB driver; the database in it is `chat`. */
  readonly uri: string;
  /** Finishes running commands, writes everything and lets go of the folder. */
  close(): Promise<void>;
}

/** How long running commands may take to finish when the server closes. */
const CLOSE_GRACE_MS = 5000;

/**
 * Starts the embedded database in this process.
 * While it runs, `mongodb.uri` in the data directory holds the connection string.
 * @throws StartError with one line that says what is wrong
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  const logger = options.logger ?? stderrLogger;
  const folder = openFolder(dataDir);
  let store: Store | undefined;
  try {
    prepareDatabase(folder.databaseFile);
    store = openStore(folder, logger, options.onFatal);
    return await serve(dataDir, folder, store, logger, options.port);
  } catch (error) {
    store?.close();
    folder.release();
    throw storageError(error, `The database in ${dataDir}`);
  }
}

function openStore(folder: Folder, logger: Logger, onFatal?: (error: Error) => void): Store {
  return new Store(folder.databaseFile, (error) => {
    logger.error(storageError(error, `The database file ${folder.databaseFile}`).message);
    onFatal?.(error);
  });
}

async function serve(
  dataDir: string,
  folder: Folder,
  store: Store,
  logger: Logger,
  wantedPort: number | undefined,
): Promise<EmbeddedServer> {
  const endpoint =
    wantedPort === undefined
      ? socketEndpoint(folder.path)
      : ({ kind: 'port', port: wantedPort } as const);
  let address = endpoint.kind === 'socket' ? endpoint.path : '';
  let dispatcher: Dispatcher | undefined;
  const listener = new Listener(
    endpoint,
    () => (dispatcher ??= new Dispatcher(engine, logger)),
    () => address,
  );
  const port = await listener.listen();
  if (endpoint.kind === 'port') address = `127.0.0.1:${port}`;
  const engine = new Engine(store, address);
  void engine.expiry.sweep();
  const uri = `mongodb://${encodeURIComponent(address).replace('%3A', ':')}/chat?directConnection=true`;
  const uriFile = join(dataDir, 'mongodb.uri');
  writeFileSync(uriFile, `${uri}\n`, { mode: 0o600 });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    rmSync(uriFile, { force: true });
    await listener.close(CLOSE_GRACE_MS);
    engine.close();
    folder.release();
  };
  return { uri, close: () => (closing ??= close()) };
}
