import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { RouteTable } from '../src/common/http/route-table.js';
import { ProblemFilter } from '../src/common/problem/problem.filter.js';
import { serveChatPage } from '../src/web/chat-page.js';

describe('the page', () => {
  let folder: string;
  let server: FastifyInstance;

  const serve = async (pageDir: string): Promise<FastifyInstance> => {
    const instance = fastify();
    await serveChatPage(instance, pageDir, new ProblemFilter(new RouteTable()));
    return instance;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'page-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Chat</title>');
    await writeFile(join(folder, 'theme.js'), '1;');
    await writeFile(join(folder, 'assets/index-a1b2.js'), '2;');
    server = await serve(folder);
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('is where / leads', async () => {
    const { statusCode, headers } = await server.inject('/');
    expect([statusCode, headers.location]).toEqual([302, '/chat-ui']);
  });

  it.each(['/chat-ui', '/chat-ui/', '/chat-ui/c/6909c0ffee0123456789abcd?x=1'])(
    'answers %s with the shell, which is asked for anew every time',
    async (path) => {
      const { statusCode, body, headers } = await server.inject(path);
      expect(statusCode).toBe(200);
      expect(body).toContain('<title>Chat</title>');
      expect(headers['cache-control']).toBe('no-cache');
    },
  );

  it('keeps hashed files for ever and the others not', async () => {
    const hashed = await server.inject('/chat-ui/assets/index-a1b2.js');
    expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const plain = await server.inject('/chat-ui/theme.js');
    expect(plain.headers['cache-control']).toBe('no-cache');
  });

  it.each(['/chat-ui/assets/gone.js', '/chat-ui/..%2f..%2fpackage.json'])(
    'has no file at %s and says so',
    async (path) => {
      const { statusCode, headers } = await server.inject(path);
      expect(statusCode).toBe(404);
      expect(headers['content-type']).toContain('application/problem+json');
    },
  );

  it('says what to do where it is not built', async () => {
    const empty = await serve(join(folder, 'assets'));
    const { statusCode, body } = await empty.inject('/chat-ui/');
    expect(statusCode).toBe(503);
    expect(body).toContain('npm run build');
    await empty.close();
  });
});
