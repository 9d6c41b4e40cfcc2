import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FromTypesetter, ToTypesetter } from './protocol.js';

/** The heap of JavaScript; the compiler's memory is beside it. */
const MAX_HEAP_MB = 512;
const STDERR_KEPT = 4_096;

/** The process that typesets ended, or said that it could not. */
export class TypesettingError extends Error {}

/**
 * A process of its own for the compiler of PDF: what it takes of memory is given back when it ends,
 * a crash of native code ends nothing else, it knows no secret of the server (its environment is
 * empty), and it gets the processor only where nobody else wants it.
 */
export class Typesetter {
  private readonly child: ChildProcess;
  private readonly gone: Promise<void>;
  private errors = '';

  constructor() {
    const { file, args, cwd } = program();
    this.child = fork(file, [], {
      cwd,
      env: {},
      execArgv: [...args, `--max-old-space-size=${MAX_HEAP_MB}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.errors = (this.errors + chunk.toString('utf8')).slice(-STDERR_KEPT);
    });
    this.gone = new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.once('error', () => resolve());
    });
    const { pid } = this.child;
    if (pid !== undefined) yieldProcessor(pid);
  }

  get isRunning(): boolean {
    return this.child.connected;
  }

  /** For tests and the log. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Lets it and its pipes keep the server's process alive, or not. */
  keepAlive(yes: boolean): void {
    const { channel } = this.child;
    if (yes) {
      this.child.ref();
      channel?.ref();
    } else {
      this.child.unref();
      channel?.unref();
    }
  }

  /**
   * @param parts of one document; read while the process takes them.
   * @returns the PDF.
   * @throws a `TypesettingError`, or what reading the parts throws: `stop` is to be called then.
   */
  async print(parts: AsyncIterable<ToTypesetter>): Promise<Uint8Array> {
    const answered = new AbortController();
    const { signal } = answered;
    const answer = once(this.child, 'message', { signal }) as Promise<[FromTypesetter]>;
    answer.catch(() => undefined);
    try {
      for await (const part of parts) await this.orGone(this.send(part));
      const [result] = await this.orGone(answer);
      if (result.kind === 'failed') throw new TypesettingError(result.reason);
      return result.bytes;
    } finally {
      answered.abort();
    }
  }

  /** Ends it at once. */
  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.gone;
  }

  private async orGone<T>(work: Promise<T>): Promise<T> {
    work.catch(() => undefined);
    const lost = this.gone.then(() => {
      throw new TypesettingError(`The process that typesets ended. ${this.errors.trim()}`);
    });
    lost.catch(() => undefined);
    return Promise.race([work, lost]);
  }

  /** Settles when the pipe has taken it. */
  private send(part: ToTypesetter): Promise<void> {
    return new Promise((resolve, reject) => {
      this.child.send(part, (error) => {
        if (error === null) resolve();
        else reject(new TypesettingError(error.message));
      });
    });
  }
}

/** The compiled program, or, where this module runs from its source, that through the same loader. */
function program(): { file: string; args: string[]; cwd: string } {
  const here = import.meta.url;
  const cwd = fileURLToPath(new URL('../../..', here));
  const isSource = here.endsWith('.ts');
  const name = isSource ? './typesetter-main.ts' : './typesetter-main.js';
  const loader = ['--conditions=@chat/source', '--import', '@swc-node/register/esm-register'];
  return { file: fileURLToPath(new URL(name, here)), args: isSource ? loader : [], cwd };
}

/** Whoever chats waits for nobody who prints. */
function yieldProcessor(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not every system allows it; it is only slower for the others then.
  }
}
