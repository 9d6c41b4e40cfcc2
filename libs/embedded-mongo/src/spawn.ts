import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHILD_FLAG, type ChildReport, type StopRequest } from './child-protocol.js';
import { StartError } from './errors.js';

export interface SpawnOptions {
  readonly dataDir: string;
  /** Listens on 127.0.0.1 (0 picks a free port), without authentication, instead of a socket. */
  readonly port?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface EmbeddedServerProcess {
  /** A connection string for any MongoDB driver; the database in it is `chat`. */
  readonly uri: string;
  readonly pid: number;
  /** Stops it after the commands that are running; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Resolves when the process ends, for whatever reason. */
  readonly exited: Promise<Exit>;
}

const STOP_LIMIT_MS = 10_000;
const STDERR_KEPT = 4096;

/**
 * The program of the child: the compiled one beside this module, or, when this module itself runs
 * from its source (tests, development), the source through the same loader the developer uses.
 */
function childCommand(): { readonly args: readonly string[]; readonly cwd: string } {
  const here = import.meta.url;
  // The loader is found, and its tsconfig.json read, from the working directory.
  const cwd = fileURLToPath(new URL('..', here));
  if (!here.endsWith('.ts')) return { args: [fileURLToPath(new URL('./main.js', here))], cwd };
  const loader = ['--conditions=@chat/source', '--import', '@swc-node/register/esm-register'];
  return { args: [...loader, fileURLToPath(new URL('./main.ts', here))], cwd };
}

/**
 * That of this process, without what `node --watch` sets: below it Node would send lists of modules
 * over the channel of the child's reports, and start this process anew for modules of the child.
 */
function childEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete environment.WATCH_REPORT_DEPENDENCIES;
  return environment;
}

/**
 * Runs the embedded database as a child process, which ends with this process however it ends.
 * @throws Error whose message is the one line that says what is wrong
 */
export async function spawnEmbeddedServer(options: SpawnOptions): Promise<EmbeddedServerProcess> {
  const port = options.port === undefined ? [] : ['--port', String(options.port)];
  const { args, cwd } = childCommand();
  const child = spawn(
    process.execPath,
    [...args, CHILD_FLAG, '--data-dir', resolve(options.dataDir), ...port],
    { cwd, env: childEnvironment(), stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  const exited = new Promise<Exit>((settle) => {
    child.once('exit', (code, signal) => settle({ code, signal }));
    child.once('error', () => settle({ code: 1, signal: null }));
  });
  const uri = await firstReport(child, exited);
  const { pid } = child;
  if (pid === undefined) throw new StartError('The embedded database did not start');
  return { uri, pid, exited, stop: () => stop(child, exited) };
}

/** Waits for the child's report; its error output says why when there is none. */
async function firstReport(child: ChildProcess, exited: Promise<Exit>): Promise<string> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-STDERR_KEPT);
    if (reported) process.stderr.write(chunk);
  });
  let reported = false;
  const report = new Promise<ChildReport>((settle) =>
    child.on('message', (message) => {
      if (isReport(message)) settle(message);
    }),
  );
  const died = exited.then(({ code, signal }): ChildReport => {
    const why = errors.trim().split('\n').at(-1) ?? '';
    const how = signal ?? `exit code ${String(code)}`;
    return {
      kind: 'failed',
      message: `The embedded database ended while starting (${how})${why && `: ${why}`}`,
    };
  });
  const first = await Promise.race([report, died]);
  reported = true;
  if (first.kind === 'ready') return first.uri;
  await exited;
  throw new StartError(first.message);
}

function isReport(message: unknown): message is ChildReport {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  return message.kind === 'ready' || message.kind === 'failed';
}

async function stop(child: ChildProcess, exited: Promise<Exit>): Promise<void> {
  const request: StopRequest = { kind: 'stop' };
  if (child.connected) child.send(request, () => undefined);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exited;
  clearTimeout(timer);
}
