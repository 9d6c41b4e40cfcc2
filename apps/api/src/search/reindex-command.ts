import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import mongoose from 'mongoose';
import type { AppConfig } from '../config/app-config.js';
import { openDatabase, type Database } from '../persistence/database.js';
import { ProgressDisplay, type ProgressOutput } from './reindex-progress.js';
import { ReindexModule } from './reindex.module.js';
import { Reindexer } from './reindexer.js';

/** How long a server that may be running gets to answer. */
const PATIENCE_MS = 2_000;

/**
 * Builds the search index anew: in the database of a server that runs on the same data, in that of
 * `MONGODB_URI`, or in the embedded one, which it starts for that time.
 *
 * @param signal ends it early; the next time begins anew.
 * @returns the exit code.
 */
export async function reindex(
  config: AppConfig,
  output: ProgressOutput,
  signal?: AbortSignal,
): Promise<number> {
  const database = (await runningDatabase(config)) ?? (await openDatabase(config));
  try {
    const app = await NestFactory.createApplicationContext(ReindexModule.forRoot(database.uri), {
      logger: ['error', 'warn'],
      abortOnError: false,
    });
    const display = new ProgressDisplay(output);
    try {
      const { done, removed, complete } = await app.get(Reindexer).run({
        signal,
        onProgress: (progress) => {
          display.show(progress);
        },
      });
      display.end();
      const gone = removed === 0 ? '' : ` ${removed} entries of what is gone were removed.`;
      output.write(
        complete
          ? `The search index is complete: ${done.toLocaleString('en')} titles and messages.${gone}\n`
          : 'Stopped. What is there stays usable; run it again to complete the index.\n',
      );
      return complete ? 0 : 130;
    } finally {
      await app.close();
    }
  } finally {
    await database.stop();
  }
}

/** The embedded database of a server that runs on this folder; undefined where none answers. */
async function runningDatabase(config: AppConfig): Promise<Database | undefined> {
  if (config.mongodbUri !== undefined) return undefined;
  const file = join(config.dataDir, 'mongodb.uri');
  const uri = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
  if (uri === undefined) return undefined;
  try {
    const options = { serverSelectionTimeoutMS: PATIENCE_MS };
    await (await mongoose.createConnection(uri, options).asPromise()).close();
  } catch {
    // A server that was killed has left its file behind.
    return undefined;
  }
  return { uri, lost: new Promise(() => undefined), stop: () => Promise.resolve() };
}
