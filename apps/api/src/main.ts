import { endHeapStart } from './slow-heap-start.js';
import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { readConfig } from './config/app-config.js';
import { startServer } from './server.js';

// The page's build stands at the same place beside this file's folder and beside its source's.
const pageDir = fileURLToPath(new URL('../../chat-ui/dist', import.meta.url));

try {
  const server = await startServer(readConfig(), pageDir);
  endHeapStart();
  process.exitCode = await server.finished;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
// Nothing may keep a process alive that has said its last word.
process.exit();
