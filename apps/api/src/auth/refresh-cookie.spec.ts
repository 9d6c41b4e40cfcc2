import cookie from '@fastify/cookie';
import { fastify, type FastifyInstance } from 'fastify';
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refresh-cookie.js';

const TOKEN = 'a'.repeat(43);

describe('the refresh cookie', () => {
  let app: FastifyInstance;

  beforeAll(async () => {
    app = fastify({ trustProxy: true });
    await app.register(cookie);
    app.get('/read', (request) => ({ token: readRefreshCookie(request) ?? null }));
    app.get('/set', async (request, reply) => {
      setRefreshCookie(request, reply, TOKEN, 60);
      await reply.send();
    });
    app.get('/clear', async (request, reply) => {
      clearRefreshCookie(request, reply);
      await reply.send();
    });
  });

  afterAll(() => app.close());

  async function cookieOf(url: string, protocol: string) {
    const answer = await app.inject({ url, headers: { 'x-forwarded-proto': protocol } });
    return String(answer.headers['set-cookie']).split('; ');
  }

  async function tokenOf(header: string) {
    const answer = await app.inject({ url: '/read', headers: { cookie: header } });
    return answer.json<{ token: string | null }>().token;
  }

  it('is out of reach of scripts, other sites and other paths', async () => {
    expect(await cookieOf('/set', 'http')).toEqual([
      `refresh_token=${TOKEN}`,
      'Max-Age=60',
      'Path=/auths',
      'HttpOnly',
      'SameSite=Strict',
    ]);
  });

  it('is only sent over https once it was set over https', async () => {
    expect(await cookieOf('/set', 'https')).toContain('Secure');
  });

  it('is removed with the attributes that it was set with', async () => {
    const removed = await cookieOf('/clear', 'https');
    expect(removed[0]).toBe('refresh_token=');
    expect(removed).toEqual(
      expect.arrayContaining(['Path=/auths', 'HttpOnly', 'SameSite=Strict', 'Secure']),
    );
    expect(removed.some((part) => part === 'Max-Age=0' || part.includes('1970'))).toBe(true);
  });

  it('is read among other cookies', async () => {
    expect(await tokenOf(`theme=dark; refresh_token=${TOKEN}; x=1`)).toBe(TOKEN);
  });

  it.each(['theme=dark', 'refresh_token=', 'refresh_token=short', `refresh_token=${TOKEN}!`])(
    'is absent in "%s"',
    async (header) => {
      expect(await tokenOf(header)).toBeNull();
    },
  );
});
