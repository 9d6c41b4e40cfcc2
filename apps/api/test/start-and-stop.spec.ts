import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ApiClient, expectProblem, listed } from './support/api-client.js';
import { temporaryDir } from './support/database.js';
import {
  databasePid,
  refusedStart,
  startServerProcess,
  type ServerProcess,
} from './support/server-process.js';

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the server as a process', () => {
  let dir: string;
  const started: ServerProcess[] = [];
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> => {
    const server = await startServerProcess({ DATA_DIR: dir, ...env });
    started.push(server);
    return server;
  };
  const alice = (server: ServerProcess) =>
    new ApiClient(server.url).signIn('alice', 'alicepass123');

  beforeEach(async () => {
    dir = await temporaryDir();
  });
  afterEach(async () => {
    for (const server of started.splice(0)) {
      server.kill('SIGKILL');
      await server.exited;
    }
    await rm(dir, { recursive: true, force: true });
  });

  describe('starting', () => {
    it('refuses a bad variable with one line that says what is allowed', async () => {
      const { code, output } = await refusedStart({ DATA_DIR: dir, PORT: 'abc' });
      expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
      expect(output).toMatch(/PORT.*"abc".*whole number from 0 to 65535/);
    });

    it('refuses production on a shared database without a given secret', async () => {
      const { code, output } = await refusedStart({
        DATA_DIR: dir,
        NODE_ENV: 'production',
        MONGODB_URI: 'mongodb://127.0.0.1:1/chat',
      });
      expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
      expect(output).toContain('JWT_SECRET');
    });

    it('says in one line that a port is in use', async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const port = String((other.address() as AddressInfo).port);
      try {
        const { code, output } = await refusedStart({ DATA_DIR: dir, PORT: port });
        expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
        expect(output).toContain(port);
      } finally {
        other.close();
      }
    });

    it('says in one line that the database cannot be reached', async () => {
      const { code, output } = await refusedStart({
        DATA_DIR: dir,
        MONGODB_URI: 'mongodb://user:hidden-password@127.0.0.1:1/chat',
      });
      expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
      expect(output).toContain('MONGODB_URI');
      expect(output).not.toContain('hidden-password');
    });

    it.each([{}, { JWT_SECRET: 'a secret of a test that is long enough' }])(
      'says in one line that the data folder is no folder (%j)',
      async (env) => {
        const file = join(dir, 'file');
        await writeFile(file, '');
        for (const dataDir of [file, join(file, 'data')]) {
          const { code, output } = await refusedStart({ DATA_DIR: dataDir, ...env });
          expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
          expect(output).toContain(dataDir);
        }
      },
    );

    it.each([
      ['/proc', {}],
      ['/proc', { JWT_SECRET: 'a secret of a test that is long enough' }],
      ['/sys', {}],
      ['/sys', { JWT_SECRET: 'a secret of a test that is long enough' }],
    ])('says in one line that no folder can be made below %s', async (parent, env) => {
      const dataDir = join(parent, 'none', 'data');
      const { code, output } = await refusedStart({ DATA_DIR: dataDir, ...env });
      expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
      expect(output).toContain(dataDir);
    });

    it('says in one line that another process uses the data folder, which goes on', async () => {
      const first = await start();
      const { code, output } = await refusedStart({ DATA_DIR: dir });
      expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
      await alice(first);
    });

    it('keeps its secrets readable for their owner alone, and keeps them', async () => {
      const nested = join(dir, 'new', 'data');
      const first = await start({ DATA_DIR: nested });
      const files = ['jwt.secret', 'mongodb.uri'].map((file) => join(nested, file));
      for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
      const secret = await readFile(join(nested, 'jwt.secret'), 'utf8');
      expect(secret.length).toBeGreaterThanOrEqual(32);
      const { token } = await alice(first);
      first.kill('SIGTERM');
      await first.exited;
      const second = await start({ DATA_DIR: nested });
      const me = await new ApiClient(second.url, token).call('GET', '/auths/me');
      expect(me.status).toBe(200);
    });

    it('creates no demo users in production, nor where they are not wanted', async () => {
      const settings: Record<string, string>[] = [
        { NODE_ENV: 'production' },
        { DEMO_USERS: 'false' },
      ];
      for (const [index, env] of settings.entries()) {
        const dataDir = join(dir, String(index));
        await mkdir(dataDir);
        await chmod(dataDir, 0o700);
        const server = await start({ DATA_DIR: dataDir, ...env });
        const answer = await new ApiClient(server.url).login('alice', 'alicepass123');
        expect(answer.status).toBe(401);
      }
    });
  });

  describe('stopping', () => {
    it.each(['SIGTERM', 'SIGINT'] as const)(
      'on %s exits with 0, takes the embedded database along, and keeps everything',
      async (signal) => {
        const first = await start();
        const me = await alice(first);
        const session = await me.createSession('kept');
        const message = await me.send(session._id, 'kept too');
        first.kill(signal);
        expect(await first.exited).toMatchObject({ code: 0 });
        await expect(stat(join(dir, 'mongodb.uri'))).rejects.toMatchObject({ code: 'ENOENT' });

        const second = await start();
        const again = await alice(second);
        expect(await again.messages(session._id)).toEqual([listed(message)]);
        expect((await again.getSession(session._id)).message_count).toBe(1);
      },
    );

    it('answers the requests that run and takes no new ones', async () => {
      const server = await start();
      const me = await alice(server);
      const session = await me.createSession();
      // A hash takes its time, so these are under way when the signal comes.
      const running = Array.from({ length: 8 }, () =>
        new ApiClient(server.url).login('testuser', 'testpass123'),
      );
      const sends = Array.from({ length: 20 }, (_, i) => me.trySend(session._id, `m${i}`));
      await Promise.race([...running, ...sends]);
      server.kill('SIGTERM');
      const settled = await Promise.allSettled([...running, ...sends]);
      const answered = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      for (const answer of answered) {
        // What came in behind the signal may be turned away, as a problem.
        if (answer.status === 503) expectProblem(answer, 503, 'unavailable');
        else expect([200, 201]).toContain(answer.status);
      }
      expect(answered.length).toBeGreaterThan(0);
      expect(await server.exited).toMatchObject({ code: 0 });
      await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();

      const after = await alice(await start());
      const stored = new Set((await after.messages(session._id)).map(({ _id }) => _id));
      const sent = answered.flatMap(({ status, body }) =>
        status === 201 && '_id' in body ? [body._id] : [],
      );
      expect(sent.filter((id) => !stored.has(id))).toEqual([]);
    });

    it('waits no longer than SHUTDOWN_GRACE_MS for a request that never ends', async () => {
      const server = await start({ SHUTDOWN_GRACE_MS: '300' });
      const endless = request(`${server.url}/auths/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      });
      const ended = once(endless, 'error');
      endless.write('{"username":');
      // Answered, so the bytes above, sent before, have arrived as well.
      await alice(server);
      const asked = performance.now();
      server.kill('SIGTERM');
      expect(await server.exited).toMatchObject({ code: 0 });
      expect(performance.now() - asked).toBeLessThan(5_000);
      await ended;
    });
  });

  it('ends with 1 and one clear line when its database dies', async () => {
    const server = await start();
    const pid = await databasePid(server);
    process.kill(pid, 'SIGKILL');
    const { code, output } = await server.exited;
    expect(code).toBe(1);
    expect(output).toMatch(/embedded database ended/);
  });

  it('leaves no database behind when it is killed', async () => {
    const server = await start();
    const pid = await databasePid(server);
    expect(alive(pid)).toBe(true);
    server.kill('SIGKILL');
    await server.exited;
    // The next start on the folder would be refused while the orphan holds it.
    const deadline = performance.now() + 5_000;
    while (alive(pid) && performance.now() < deadline) await setImmediate();
    expect(alive(pid)).toBe(false);
  });

  it('logs requests with their ids, and neither passwords, tokens nor what people write', async () => {
    const server = await start({ LOG_LEVEL: 'trace', NODE_ENV: 'production', DEMO_USERS: 'true' });
    const me = await alice(server);
    const session = await me.createSession('a title nobody may read');
    await me.send(session._id, 'a message nobody may read');
    const bad = await me.call('POST', '/auths/login', {
      json: { username: 'alice', password: 'a wrong password nobody may read' },
    });
    const id = bad.headers.get('x-request-id');
    expect(id).toMatch(/./);
    server.kill('SIGTERM');
    const { output } = await server.exited;
    expect(output).toContain(id);
    expect(output).not.toMatch(/nobody may read|alicepass123/);
    expect(output).not.toContain(me.token);
    for (const line of output.split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});
