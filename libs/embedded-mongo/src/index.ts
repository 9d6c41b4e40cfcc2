export { StartError } from './errors.js';
export type { Logger } from './logger.js';
export { startEmbeddedServer } from './server.js';
export type { EmbeddedServer, EmbeddedServerOptions } from './server.js';
export { spawnEmbeddedServer } from './spawn.js';
export type { EmbeddedServerProcess, SpawnOptions } from './spawn.js';
export { createFolder } from './store/create-folder.js';
