import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How long a start may take before it counts as failed, in milliseconds. */
const START_TIMEOUT_MS = 30_000;

export interface ProductOptions {
  /** Where the product keeps its data; a new temporary folder, removed at the end, when absent. */
  dataDir?: string;
  /** Added to the environment of the process; a free `PORT` and quiet logs are the default. */
  env?: Readonly<Record<string, string>>;
}

/** The built product, running as its own process just as `npm start` runs it. */
export interface RunningProduct {
  /** Without a path and without a slash at the end: `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly dataDir: string;
  /** The API's process. */
  readonly pid: number;
  /** Milliseconds from the start of the process to its line that says ready. */
  readonly startedInMs: number;
  /** What it printed so far, both streams. */
  output(): string;
  /** Sends the signal (`SIGTERM` when absent) and waits for the end. A temporary folder is removed. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts the built API (`apps/api/dist`, so build first) and waits until it says that it is ready.
 *
 * @param workspaceRoot the root of the checkout.
 * @throws with all it printed, where it ends or stays silent instead.
 */
export async function startProduct(
  workspaceRoot: string,
  options: ProductOptions = {},
): Promise<RunningProduct> {
  const temporary = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'chat-')));
  const began = performance.now();
  const child = spawn(process.execPath, [join(workspaceRoot, 'apps/api/dist/main.js')], {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'warn', DATA_DIR: dataDir, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const url = readyUrl(line);
        if (url !== undefined) resolve(url);
      });
    }
  });
  const url = await firstOf(ready, ended, lines).catch(async (error: unknown) => {
    child.kill('SIGKILL');
    if (temporary) await rm(dataDir, { recursive: true, force: true });
    throw error;
  });
  return {
    url,
    dataDir,
    pid: child.pid ?? 0,
    startedInMs: performance.now() - began,
    output: () => lines.join('\n'),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const code = await ended;
      if (temporary) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

/** The origin in the line that says ready, or undefined for any other line. */
export function readyUrl(line: string): string | undefined {
  if (!/\bready\b/i.test(line)) return undefined;
  const url = /https?:\/\/[^\s"']+/.exec(line)?.[0];
  return url === undefined ? undefined : new URL(url).origin;
}

async function firstOf(
  ready: Promise<string>,
  ended: Promise<number | null>,
  lines: readonly string[],
): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`The server said nothing of being ready:\n${lines.join('\n')}`));
    }, START_TIMEOUT_MS);
  });
  const died = ended.then((code) => {
    throw new Error(`The server ended with ${String(code)}:\n${lines.join('\n')}`);
  });
  try {
    return await Promise.race([ready, died, late]);
  } finally {
    clearTimeout(timer);
    died.catch(() => undefined);
  }
}
