import { mkdtemp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestApp, type TestApp } from './support/test-app.js';

describe('the page', () => {
  let folder: string;
  let test: TestApp;
  const get = (url: string) => test.app.inject({ method: 'GET', url });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'page-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Chat</title>');
    await writeFile(join(folder, 'theme.js'), '1;');
    await writeFile(join(folder, 'assets/index-a1b2.js'), '2;');
    await writeFile(join(folder, 'assets/rebuilt-c3d4.js'), '3;');
    test = await startTestApp({ pageDir: folder });
  });
  afterAll(async () => {
    await test.stop();
    await rm(folder, { recursive: true });
  });

  it('is where / leads', async () => {
    const { statusCode, headers } = await get('/');
    expect([statusCode, headers.location]).toEqual([302, '/chat-ui']);
  });

  it.each(['/chat-ui', '/chat-ui/', '/chat-ui/c/6909c0ffee0123456789abcd?x=1'])(
    'answers %s with the shell, which is asked for anew every time',
    async (path) => {
      const { statusCode, body, headers } = await get(path);
      expect(statusCode).toBe(200);
      expect(body).toContain('<title>Chat</title>');
      expect(headers['cache-control']).toBe('no-cache');
    },
  );

  it('keeps hashed files for ever and the others not', async () => {
    const hashed = await get('/chat-ui/assets/index-a1b2.js');
    expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const plain = await get('/chat-ui/theme.js');
    expect(plain.headers['cache-control']).toBe('no-cache');
  });

  it.each([
    '/chat-ui/assets/gone.js',
    '/chat-ui/assets/without-an-ending',
    '/chat-ui/assets/',
    '/chat-ui/gone.js?x=1',
    '/chat-ui/..%2f..%2fpackage.json',
  ])('has no file at %s and says so', async (path) => {
    expectMissing(await get(path));
  });

  it('says so as well of a file that went after the start', async () => {
    await rm(join(folder, 'assets/rebuilt-c3d4.js'));
    expectMissing(await get('/chat-ui/assets/rebuilt-c3d4.js'));
  });

  it('says what to do while it is built anew', async () => {
    await rename(join(folder, 'index.html'), join(folder, 'away'));
    try {
      for (const path of ['/chat-ui', '/chat-ui/c/6909c0ffee0123456789abcd']) {
        expectNotBuilt(await get(path));
      }
    } finally {
      await rename(join(folder, 'away'), join(folder, 'index.html'));
    }
    expect((await get('/chat-ui')).statusCode).toBe(200);
  });

  it('says what to do where it is not built', async () => {
    const empty = await startTestApp({ pageDir: join(folder, 'assets') });
    try {
      expectNotBuilt(await empty.app.inject('/chat-ui/'));
    } finally {
      await empty.stop();
    }
  });
});

type Answer = Awaited<ReturnType<TestApp['app']['inject']>>;

function expectMissing({ statusCode, headers, body }: Answer): void {
  expect(statusCode).toBe(404);
  expect(headers['content-type']).toContain('application/problem+json');
  expect(JSON.parse(body)).toMatchObject({ type: '/problems/unknown-route' });
}

function expectNotBuilt({ statusCode, headers, body }: Answer): void {
  expect(statusCode).toBe(503);
  expect(headers['content-type']).toContain('application/problem+json');
  expect(body).toContain('npm run build');
}
