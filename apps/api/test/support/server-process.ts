import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import type { Environment } from '../../src/config/app-config.js';

/** `build-server.ts` keeps it up to date. */
const SERVER = resolve(__dirname, '../../dist/main.js');

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Everything it printed, both streams. */
  readonly output: string;
}

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  output(): string;
  kill(signal: NodeJS.Signals): void;
}

/** The built server as its own process, until its line that says ready or its end. */
export async function spawnServer(env: Environment): Promise<ServerProcess | Exit> {
  const child = spawn(process.execPath, [SERVER], {
    env: { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const output = () => lines.join('\n');
  const ready = new Promise<string>((settle) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const url = /\bready at (http:\/\/[^\s"]+)\/chat-ui/.exec(line)?.[1];
        // The name may resolve to another family of addresses than the server listens on.
        if (url !== undefined) settle(url.replace('localhost', '127.0.0.1'));
      });
    }
  });
  // `close` comes after `exit`, when everything that was printed has been read.
  const exited = new Promise<Exit>((settle) => {
    child.once('close', (code, signal) => settle({ code, signal, output: output() }));
  });
  const first = await Promise.race([ready, exited]);
  if (typeof first !== 'string') return first;
  return {
    url: first,
    pid: child.pid ?? 0,
    exited,
    output,
    kill: (signal) => child.kill(signal),
  };
}

/** As `spawnServer`, where nothing but a start is expected. */
export async function startServerProcess(env: Environment): Promise<ServerProcess> {
  const started = await spawnServer(env);
  if ('url' in started) return started;
  throw new Error(`The server did not start (${String(started.code)}):\n${started.output}`);
}

/** As `spawnServer`, where nothing but a refusal is expected. */
export async function refusedStart(env: Environment): Promise<Exit> {
  const started = await spawnServer(env);
  if (!('url' in started)) return started;
  started.kill('SIGKILL');
  throw new Error(`The server started: ${started.output()}`);
}

/** The process of the embedded database: the only child of the server. */
export async function databasePid({ pid }: ServerProcess): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const database = Number(children.trim().split(' ')[0]);
  // 0 would mean the group of the caller to whoever sends it a signal.
  if (!(database > 0)) throw new Error('The server has no child process');
  return database;
}
