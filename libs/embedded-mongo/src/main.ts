import { parseArgs } from 'node:util';
import { CHILD_FLAG, type ChildReport } from './child-protocol.js';
import { StartError } from './errors.js';
import { startEmbeddedServer, type EmbeddedServer } from './server.js';

const USAGE = 'Usage: embedded-mongo --data-dir <folder> [--port <0 to 65535>]';

interface CommandLine {
  readonly dataDir: string;
  readonly port?: number;
  readonly child: boolean;
}

/** @throws StartError naming the argument that is wrong */
function readCommandLine(): CommandLine {
  try {
    const { values } = parseArgs({
      options: {
        'data-dir': { type: 'string' },
        port: { type: 'string' },
        [CHILD_FLAG.slice(2)]: { type: 'boolean' },
      },
    });
    const dataDir = values['data-dir'];
    if (typeof dataDir !== 'string' || dataDir === '') throw new Error('--data-dir is missing');
    const child = values.child === true;
    if (typeof values.port !== 'string') return { dataDir, child };
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65535) {
      throw new Error(`--port must be a whole number from 0 to 65535, not '${values.port}'`);
    }
    return { dataDir, port, child };
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}. ${USAGE}`);
  }
}

function report(child: boolean, message: ChildReport): void {
  if (child) process.send?.(message);
  else if (message.kind === 'ready') {
    process.stdout.write(`embedded-mongo is ready at ${message.uri}\n`);
  } else process.stderr.write(`embedded-mongo: ${message.message}\n`);
}

/** Stops once, whoever asks first. */
function stopOn(server: EmbeddedServer, child: boolean): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void server.close().then(
      () => process.exit(process.exitCode ?? 0),
      () => process.exit(1),
    );
  };
  if (child) {
    // The channel also closes when the parent is killed.
    process.on('disconnect', stop);
    process.on('message', stop);
  } else {
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  }
}

async function main(): Promise<void> {
  const child = process.argv.includes(CHILD_FLAG) && process.send !== undefined;
  if (child) {
    // A signal to the whole group (Ctrl+C, a service manager) is the parent's to act on: it still
    // needs the database for the requests that it is finishing.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => undefined);
  }
  try {
    const { dataDir, port } = readCommandLine();
    const server = await startEmbeddedServer({
      dataDir,
      ...(port === undefined ? {} : { port }),
      onFatal: () => {
        // Answers that tell of the failure leave first.
        setTimeout(() => process.exit(1), 50);
      },
    });
    stopOn(server, child);
    report(child, { kind: 'ready', uri: server.uri });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    report(child, { kind: 'failed', message });
    process.exitCode = 1;
    if (child) process.disconnect();
  }
}

await main();
