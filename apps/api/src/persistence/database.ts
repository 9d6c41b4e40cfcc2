import { spawnEmbeddedServer } from '@chat/embedded-mongo';
import type { AppConfig } from '../config/app-config.js';

/** The database that the API talks to: a connection string, and what to do at the end. */
export interface Database {
  readonly uri: string;
  /** Settles only when the embedded database ended without being asked to, with the reason. */
  readonly lost: Promise<string>;
  /** Ends the embedded database; nothing to do for a MongoDB that others run. */
  stop(): Promise<void>;
}

/**
 * `MONGODB_URI`, or the embedded database as a child process that ends with this one.
 *
 * @throws with one clear line where the embedded database cannot start: its folder is in use, its
 *   file is damaged or newer, the disk is full.
 */
export async function openDatabase(config: AppConfig): Promise<Database> {
  if (config.mongodbUri !== undefined) {
    return {
      uri: config.mongodbUri,
      lost: new Promise(() => undefined),
      stop: () => Promise.resolve(),
    };
  }
  const child = await spawnEmbeddedServer({ dataDir: config.dataDir });
  let asked = false;
  const lost = new Promise<string>((resolve) => {
    void child.exited.then(({ code, signal }) => {
      if (!asked)
        resolve(
          `The embedded database ended by itself (${signal ?? `exit code ${code ?? 'unknown'}`}).`,
        );
    });
  });
  return {
    uri: child.uri,
    lost,
    async stop() {
      asked = true;
      await child.stop();
    },
  };
}
