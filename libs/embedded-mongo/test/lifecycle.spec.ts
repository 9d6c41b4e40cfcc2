import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { MongoClient } from 'mongodb';
import { spawnEmbeddedServer, startEmbeddedServer } from '../src/index.js';
import { temporaryDirectory } from './support/server.js';

const root = process.cwd();
const SOURCE = ['--conditions=@chat/source', '--import', '@swc-node/register/esm-register'];

/** Runs the command line from source; resolves with what it printed and its exit code. */
async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [...SOURCE, 'src/main.ts', ...args], { cwd: root });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

describe('the embedded server', () => {
  const directory = temporaryDirectory();
  const dataDir = directory.path;
  afterAll(() => directory.remove());

  it('keeps its address in a file that only the user reads, while it runs', async () => {
    const server = await startEmbeddedServer({ dataDir });
    const file = join(dataDir, 'mongodb.uri');
    expect(readFileSync(file, 'utf8').trim()).toBe(server.uri);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'mongodb')).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'mongodb', 'mongodb.sock')).mode & 0o777).toBe(0o600);
    await server.close();
    expect(existsSync(file)).toBe(false);
  });

  it('finds a short private path where the folder is too long for a socket', async () => {
    const long = join(dataDir, 'x'.repeat(120));
    const server = await startEmbeddedServer({ dataDir: long });
    const client = await new MongoClient(server.uri).connect();
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    const path = decodeURIComponent(/\/\/([^/]+)/.exec(server.uri)![1]!);
    expect(Buffer.byteLength(path)).toBeLessThan(108);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    await server.close();
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  it('listens on 127.0.0.1 when a port is given', async () => {
    const server = await startEmbeddedServer({ dataDir, port: 0 });
    expect(server.uri).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/chat/);
    const client = await new MongoClient(server.uri).connect();
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await server.close();
  });

  it('refuses a folder that another process has, naming that process', async () => {
    const server = await startEmbeddedServer({ dataDir });
    await expect(spawnEmbeddedServer({ dataDir })).rejects.toThrow(
      `The data directory ${dataDir} is in use by another process (pid ${process.pid})`,
    );
    await server.close();
    // The second process waits for the folder, and on a busy machine for its start as well.
  });

  it('refuses a port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const failed = await run('--data-dir', dataDir, '--port', String(port));
    expect(failed).toMatchObject({
      code: 1,
      stderr: `embedded-mongo: Port ${port} on 127.0.0.1 is in use\n`,
    });
    other.close();
  });

  it.each<[string, string[]]>([
    ['no folder', []],
    ['a port out of range', ['--data-dir', '/tmp', '--port', '70000']],
    ['an unknown argument', ['--data-dir', '/tmp', '--nope']],
  ])('refuses %s with one line', async (_title, args) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^embedded-mongo: .*Usage: .*\n$/);
  });

  it.each<[string, (file: string) => void, RegExp]>([
    [
      'is no database',
      (file) => writeFileSync(file, 'x'.repeat(5000)),
      /damaged or not a database/,
    ],
    [
      'is damaged',
      (file) => {
        const database = new BetterSqlite3(file);
        database.exec('CREATE TABLE t (a); ');
        database.close();
        const bytes = readFileSync(file);
        bytes.fill(0xff, 100);
        writeFileSync(file, bytes);
      },
      /damaged/,
    ],
    [
      'was written by a newer version',
      (file) => {
        const database = new BetterSqlite3(file);
        database.pragma(`application_id = 1667785076`);
        database.pragma('user_version = 99');
        database.close();
      },
      /newer version \(format 99/,
    ],
    [
      'belongs to another program',
      (file) => {
        const database = new BetterSqlite3(file);
        database.exec('CREATE TABLE t (a)');
        database.close();
      },
      /another program/,
    ],
  ])('refuses a file that %s, and leaves it as it is', async (title, prepare, message) => {
    const folder = join(dataDir, title.replaceAll(' ', '-'));
    mkdirSync(join(folder, 'mongodb'), { recursive: true });
    const file = join(folder, 'mongodb', 'data.sqlite');
    prepare(file);
    const before = readFileSync(file);
    await expect(startEmbeddedServer({ dataDir: folder })).rejects.toThrow(message);
    expect(readFileSync(file).subarray(0, 18)).toEqual(before.subarray(0, 18));
    expect(existsSync(join(folder, 'mongodb.uri'))).toBe(false);
  });

  it('runs alone until SIGTERM, and exits with 0', async () => {
    const child = spawn(process.execPath, [...SOURCE, 'src/main.ts', '--data-dir', dataDir], {
      cwd: root,
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const uri = /^embedded-mongo is ready at (\S+)\n$/.exec(line.toString())![1]!;
    const client = await new MongoClient(uri).connect();
    await client.db().collection('kept').insertOne({ a: 1 });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await client.close();
    const server = await startEmbeddedServer({ dataDir });
    const again = await new MongoClient(server.uri).connect();
    expect(await again.db().collection('kept').countDocuments({})).toBe(1);
    await again.close();
    await server.close();
  });
});

describe('the child process', () => {
  const directory = temporaryDirectory();
  const dataDir = directory.path;
  afterAll(() => directory.remove());

  it('ignores the signals of the terminal and stops for its parent', async () => {
    const server = await spawnEmbeddedServer({ dataDir });
    process.kill(server.pid, 'SIGINT');
    process.kill(server.pid, 'SIGTERM');
    const client = await new MongoClient(server.uri).connect();
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await server.stop();
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it('starts below a parent that Node watches, and is not watched itself', async () => {
    // What `node --watch` sets: Node then sends messages of its own over the same channel.
    process.env.WATCH_REPORT_DEPENDENCIES = '1';
    const server = await spawnEmbeddedServer({ dataDir });
    delete process.env.WATCH_REPORT_DEPENDENCIES;
    const environment = readFileSync(`/proc/${server.pid}/environ`, 'utf8');
    await server.stop();
    expect(server.uri).toMatch(/^mongodb:/);
    expect(environment).not.toContain('WATCH_REPORT_DEPENDENCIES');
  });

  it('ends when its parent is killed', async () => {
    const parent = fork(join(root, 'test/support/parent.ts'), [dataDir], {
      execArgv: SOURCE,
      cwd: root,
    });
    const ended = once(parent, 'exit');
    const [{ pid }] = (await once(parent, 'message')) as [{ pid: number }];
    const refusal = await startEmbeddedServer({ dataDir }).catch((error: unknown) => error);
    parent.kill('SIGKILL');
    await ended;
    expect(String(refusal)).toContain(`pid ${pid}`);
    // Its end is an event of another process's child: the lock that it drops is what can be seen.
    const deadline = Date.now() + 5000;
    let server: Awaited<ReturnType<typeof startEmbeddedServer>> | undefined;
    while (!server) {
      server = await startEmbeddedServer({ dataDir }).catch((error: unknown) => {
        if (Date.now() > deadline) throw error;
        return undefined;
      });
    }
    await server.close();
  });

  it('loses no acknowledged write when it is killed, ten times', async () => {
    const acknowledged: number[] = [];
    let next = 0;
    for (let round = 0; round < 10; round++) {
      const server = await spawnEmbeddedServer({ dataDir });
      const client = await new MongoClient(server.uri, {
        serverSelectionTimeoutMS: 200,
        retryWrites: false,
      }).connect();
      const items = client.db().collection<{ _id: number }>('items');
      const counts = client.db().collection<{ _id: string; n: number }>('counts');
      let stopped = false;
      const writers = Array.from({ length: 8 }, async () => {
        const session = client.startSession();
        while (!stopped) {
          const _id = next++;
          try {
            session.startTransaction();
            await items.insertOne({ _id }, { session });
            await counts.updateOne(
              { _id: `c${_id % 8}` },
              { $inc: { n: 1 } },
              { session, upsert: true },
            );
            await session.commitTransaction();
            acknowledged.push(_id);
          } catch {
            if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
          }
        }
        await session.endSession().catch(() => undefined);
      });
      const enough = acknowledged.length + 40;
      while (acknowledged.length < enough) await new Promise((resolve) => setImmediate(resolve));
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
      stopped = true;
      await Promise.all(writers);
      await client.close(true);
    }
    const server = await startEmbeddedServer({ dataDir });
    const client = await new MongoClient(server.uri).connect();
    const stored = await client.db().collection<{ _id: number }>('items').find().toArray();
    const ids = new Set(stored.map(({ _id }) => _id));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    const counts = await client
      .db()
      .collection<{ _id: string; n: number }>('counts')
      .find()
      .toArray();
    // A document and its count are one transaction: they agree, acknowledged or not.
    expect(counts.reduce((sum, { n }) => sum + n, 0)).toBe(stored.length);
    await client.close();
    await server.close();
  });
});
