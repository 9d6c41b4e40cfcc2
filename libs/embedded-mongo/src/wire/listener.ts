import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Dispatcher } from '../commands/dispatcher.js';
import { StartError } from '../errors.js';
import { Connection } from './connection.js';

/** `sun_path` of a Unix socket address holds 108 bytes, the last of them zero (unix(7)); macOS 104. */
const MAX_SOCKET_PATH_BYTES = 103;

/** Where clients connect to. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly path: string; readonly temporaryDir?: string }
  | { readonly kind: 'port'; readonly port: number };

/**
 * The socket in the engine's private folder, or in a new private one where that path is too long.
 */
export function socketEndpoint(folder: string): Endpoint {
  const path = join(folder, 'mongodb.sock');
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return { kind: 'socket', path };
  const temporaryDir = mkdtempSync(join(tmpdir(), 'chat-db-'));
  return { kind: 'socket', path: join(temporaryDir, 'mongodb.sock'), temporaryDir };
}

/** Listens and keeps the connections. */
export class Listener {
  private readonly connections = new Set<Connection>();
  private readonly server: Server;
  private onIdle: () => void = () => undefined;

  constructor(
    private readonly endpoint: Endpoint,
    dispatcher: () => Dispatcher,
    address: () => string,
  ) {
    this.server = createServer((socket) => {
      const connection = new Connection(socket, dispatcher(), address(), () => this.onIdle());
      this.connections.add(connection);
      socket.on('close', () => this.connections.delete(connection));
    });
  }

  /** @returns the port, or 0 for a socket. @throws StartError */
  async listen(): Promise<number> {
    const { endpoint } = this;
    // A socket left by a killed process; the folder's lock says that nobody listens on it.
    if (endpoint.kind === 'socket') rmSync(endpoint.path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) =>
        reject(listenError(error, endpoint)),
      );
      if (endpoint.kind === 'socket') this.server.listen(endpoint.path, resolve);
      else this.server.listen(endpoint.port, '127.0.0.1', resolve);
    });
    if (endpoint.kind === 'socket') chmodSync(endpoint.path, 0o600);
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Refuses new connections, lets running commands finish, and closes. */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const busy = () => [...this.connections].some((connection) => !connection.idle);
    if (busy()) {
      const idle = new Promise<void>((resolve) => {
        this.onIdle = () => {
          if (!busy()) resolve();
        };
      });
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        idle,
        new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs))),
      ]);
      clearTimeout(timer);
    }
    for (const connection of this.connections) connection.close();
    await closed;
    if (this.endpoint.kind === 'socket') {
      rmSync(this.endpoint.path, { force: true });
      if (this.endpoint.temporaryDir) {
        rmSync(this.endpoint.temporaryDir, { recursive: true, force: true });
      }
    }
  }
}

function listenError(error: NodeJS.ErrnoException, endpoint: Endpoint): StartError {
  if (endpoint.kind === 'port' && error.code === 'EADDRINUSE') {
    return new StartError(`Port ${endpoint.port} on 127.0.0.1 is in use`);
  }
  if (endpoint.kind === 'port') {
    return new StartError(`Cannot listen on 127.0.0.1:${endpoint.port}: ${error.message}`);
  }
  return new StartError(`Cannot listen on ${dirname(endpoint.path)}: ${error.message}`);
}
