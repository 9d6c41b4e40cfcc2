import 'reflect-metadata';
import { readConfig } from './config/app-config.js';
import { reindex } from './search/reindex-command.js';

// `npm run search:reindex`. A first Ctrl+C ends it between two batches.
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
try {
  process.exitCode = await reindex(readConfig(), process.stdout, ending.signal);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.exit();
