import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type Db, type Document, type MongoClientOptions } from 'mongodb';
import { startEmbeddedServer, type EmbeddedServer } from '../../src/index.js';

/** A data directory of its own, removed by `remove`. */
export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'embedded-mongo-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A server in this process with clients on its socket. */
export class TestServer {
  private server: EmbeddedServer | undefined;
  private clients: MongoClient[] = [];
  private readonly directory = temporaryDirectory();

  get dataDir(): string {
    return this.directory.path;
  }

  get uri(): string {
    return this.server?.uri ?? '';
  }

  async start(): Promise<void> {
    this.server = await startEmbeddedServer({ dataDir: this.dataDir });
  }

  async client(options: MongoClientOptions = {}): Promise<MongoClient> {
    const client = new MongoClient(this.uri, { serverSelectionTimeoutMS: 3000, ...options });
    await client.connect();
    this.clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    this.clients = [];
    await this.server?.close();
    this.server = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.directory.remove();
  }
}

/** The error answer of a command; fails when the command is accepted. */
export async function refusal(
  db: Db,
  command: Document,
): Promise<{ code: number; codeName: string; message: string }> {
  try {
    await db.command(command);
  } catch (error) {
    return error as { code: number; codeName: string; message: string };
  }
  throw new Error(`accepted: ${JSON.stringify(command)}`);
}
