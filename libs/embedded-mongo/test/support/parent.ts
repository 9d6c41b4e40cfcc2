import { spawnEmbeddedServer } from '../../src/index.js';

// A parent that only waits to be killed.
const server = await spawnEmbeddedServer({ dataDir: process.argv[2] ?? '' });
process.send?.({ pid: server.pid });
setInterval(() => undefined, 1000);
