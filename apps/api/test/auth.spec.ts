import { createHmac } from 'node:crypto';
import type { RefreshResponse, TokenResponse, User } from '@chat/shared-types';
import { ApiClient, expectInvalid, expectProblem, PASSWORD } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { CookieJar, refreshCookie } from './support/cookie-jar.js';
import { startTestApp, TEST_JWT_SECRET, type TestApp } from './support/test-app.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('auth', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp({ env: { LOGIN_ATTEMPTS: '4' } });
  });
  afterAll(() => server.stop());

  describe('registering', () => {
    it('answers the user without any hash', async () => {
      const answer = await server.anonymous.call<User>('POST', '/auths/register', {
        json: { username: 'Grace.Hopper', password: PASSWORD, display_name: ' Grace ' },
      });
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
        username: 'Grace.Hopper',
        display_name: 'Grace',
        created_at: expect.stringMatching(TIME) as string,
        updated_at: expect.stringMatching(TIME) as string,
      });
    });

    it('keeps an argon2id hash and nothing of the password', async () => {
      await server.anonymous.register('hashed', 'a password to look for');
      await withDatabase(server.databaseUri, async (connection) => {
        const user = await connection.collection('users').findOne({ username: 'hashed' });
        expect(user?.password_hash).toMatch(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$/);
        expect(JSON.stringify(user)).not.toContain('a password to look for');
      });
    });

    it('refuses a name that is taken, also in other letters, and also at the same moment', async () => {
      await server.anonymous.register('taken');
      for (const username of ['taken', 'TAKEN']) {
        const answer = await server.anonymous.call('POST', '/auths/register', {
          json: { username, password: PASSWORD },
        });
        expectProblem(answer, 409, 'username-taken');
      }
      const statuses = await Promise.all(
        ['racer', 'Racer', 'RACER'].map(async (username) => {
          const json = { username, password: PASSWORD };
          return (await server.anonymous.call('POST', '/auths/register', { json })).status;
        }),
      );
      expect(statuses.sort()).toEqual([201, 409, 409]);
    });

    it.each([
      [{ username: 'ab', password: PASSWORD }, '/username'],
      [{ username: 'a'.repeat(65), password: PASSWORD }, '/username'],
      [{ username: 'has space', password: PASSWORD }, '/username'],
      [{ username: { $gt: '' }, password: PASSWORD }, '/username'],
      [{ username: 'short.password', password: '1234567' }, '/password'],
      [{ username: 'long.password', password: 'p'.repeat(257) }, '/password'],
      [{ username: 'no.password' }, '/password'],
      [{ username: 'blank.name', password: PASSWORD, display_name: '  ' }, '/display_name'],
      [{ username: 'an.admin', password: PASSWORD, is_admin: true }, '/is_admin'],
    ])('refuses %j', async (json, pointer) => {
      expectInvalid(await server.anonymous.call('POST', '/auths/register', { json }), pointer);
    });

    it('is closed where the configuration says so', async () => {
      const closed = await startTestApp({
        env: { REGISTRATION: 'closed' },
        databaseUri: server.databaseUri,
      });
      try {
        const json = { username: 'nobody', password: PASSWORD };
        const answer = await closed.anonymous.call('POST', '/auths/register', { json });
        expectProblem(answer, 403, 'registration-closed');
      } finally {
        await closed.stop();
      }
    });
  });

  describe('signing in', () => {
    it('knows the demo users of an empty database', async () => {
      await server.anonymous.signIn('alice', 'alicepass123');
      await server.anonymous.signIn('testuser', 'testpass123');
    });

    it('answers a token for a form and for JSON, in any letters of the name', async () => {
      await server.anonymous.register('Formal');
      const form = await server.anonymous.login('formal', PASSWORD);
      const json = await server.anonymous.call<TokenResponse>('POST', '/auths/login', {
        json: { username: 'FORMAL', password: PASSWORD },
      });
      for (const answer of [form, json]) {
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual({
          access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
          token_type: 'bearer',
          expires_in: 900,
        });
        expect(answer.headers.get('cache-control')).toContain('no-store');
      }
    });

    it('sets the refresh token in a cookie that only /auths gets and no script reads', async () => {
      await server.anonymous.register('cookies');
      const answer = await server.anonymous.login('cookies', PASSWORD);
      const cookie = answer.headers.getSetCookie().join();
      expect(cookie).toMatch(/; Path=\/auths(;|$)/i);
      expect(cookie).toMatch(/; HttpOnly(;|$)/i);
      expect(cookie).toMatch(/; SameSite=Strict(;|$)/i);
      expect(cookie).not.toMatch(/; Secure/i);
    });

    it('marks the cookie Secure behind a trusted proxy that speaks https', async () => {
      const proxied = await startTestApp({
        env: { TRUST_PROXY: 'true' },
        databaseUri: server.databaseUri,
      });
      try {
        await proxied.anonymous.register('behind.proxy');
        const answer = await proxied.anonymous.login('behind.proxy', PASSWORD, {
          'x-forwarded-proto': 'https',
        });
        expect(answer.headers.getSetCookie().join()).toMatch(/; Secure/i);
      } finally {
        await proxied.stop();
      }
    });

    it('answers a wrong password and an unknown name with one body', async () => {
      await server.anonymous.register('known');
      const bodies = new Set<string>();
      for (const [username, password] of [
        ['known', 'not the password'],
        ['unknown', 'not the password'],
        ['known', ''],
        ['not a username!', PASSWORD],
      ] as const) {
        const answer = await server.anonymous.login(username, password);
        if (password !== '') expectProblem(answer, 401, 'invalid-credentials');
        if (answer.status === 401) bodies.add(JSON.stringify(answer.body));
      }
      expect(bodies.size).toBe(1);
    });

    it('takes as long for an unknown name as for a wrong password', async () => {
      const medianTime = async (names: string[]): Promise<number> => {
        const times: number[] = [];
        for (const username of names) {
          const start = performance.now();
          await server.anonymous.login(username, 'not the password');
          times.push(performance.now() - start);
        }
        return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
      };
      const real = Array.from({ length: 5 }, (_, i) => `timed-${i}`);
      for (const username of real) await server.anonymous.register(username);
      const known = await medianTime(real);
      const unknown = await medianTime(real.map((username) => `${username}-not`));
      // Without a hash to compare with, an unknown name is answered ten times faster.
      expect(unknown).toBeGreaterThan(known * 0.4);
      expect(unknown).toBeLessThan(known * 2.5);
    });

    it('refuses operators, doubled fields and half a body', async () => {
      for (const raw of [
        'username[$gt]=&password[$gt]=',
        'username=alice&username=bob&password=x',
        'username=alice',
        '',
      ]) {
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const answer = await server.anonymous.call('POST', '/auths/login', { raw, headers });
        expectProblem(answer, 400, 'invalid-request');
      }
      const json = { username: { $gt: '' }, password: { $gt: '' } };
      const answer = await server.anonymous.call('POST', '/auths/login', { json });
      expectInvalid(answer, '/username', '/password');
    });

    it('slows guessing down for one name, and says how long, whether the name exists or not', async () => {
      await server.anonymous.register('guessed');
      for (const username of ['guessed', 'never.was']) {
        const statuses: number[] = [];
        for (let i = 0; i < 4; i += 1) {
          statuses.push((await server.anonymous.login(username, `guess ${i}`)).status);
        }
        expect(statuses).toEqual([401, 401, 401, 401]);
        const answer = await server.anonymous.login(username, PASSWORD);
        expectProblem(answer, 429, 'too-many-requests');
        const seconds = Number(answer.headers.get('retry-after'));
        expect(seconds).toBeGreaterThanOrEqual(1);
        expect(seconds).toBeLessThanOrEqual(300);
      }
    });

    it('lets no more guesses through when they come at the same moment', async () => {
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, i) => server.anonymous.login('at.once', `guess ${i}`)),
      );
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(4);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(8);
    });

    it('does not count right passwords', async () => {
      await server.anonymous.register('frequent');
      for (let i = 0; i < 7; i += 1) await server.anonymous.signIn('frequent');
    });
  });

  describe('access tokens', () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hs256 = { alg: 'HS256', typ: 'JWT' };
    const token = (header: object, claims: object, secret: string, hash = 'sha256') => {
      const signed = `${part(header)}.${part(claims)}`;
      return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
    };
    const seconds = () => Math.floor(Date.now() / 1000);
    const valid = () => ({ sub: '0123456789abcdef01234567', iat: seconds(), exp: seconds() + 60 });

    it.each([
      ['alg none', () => `${part({ alg: 'none', typ: 'JWT' })}.${part(valid())}.`],
      [
        'another algorithm',
        () => token({ alg: 'HS512', typ: 'JWT' }, valid(), TEST_JWT_SECRET, 'sha512'),
      ],
      ['another key', () => token(hs256, valid(), 'x'.repeat(32))],
      ['the past', () => token(hs256, { ...valid(), exp: seconds() - 60 }, TEST_JWT_SECRET)],
      [
        'a subject that is no id',
        () => token(hs256, { ...valid(), sub: { $gt: '' } }, TEST_JWT_SECRET),
      ],
      ['no shape of a token', () => 'a.b.c'],
      ['nothing', () => ''],
    ])('refuses a token of %s', async (_title, make) => {
      const headers = { authorization: `Bearer ${make()}` };
      const answer = await server.anonymous.call('GET', '/chat/sessions', { headers });
      expectProblem(answer, 401, 'authentication-required');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
    });

    it('names the token as the fault, but only to who sent one (RFC 6750)', async () => {
      const none = await server.anonymous.call('GET', '/chat/sessions');
      expect(none.headers.get('www-authenticate')).not.toContain('error=');
      const bad = await new ApiClient(server.url, 'a.b.c').call('GET', '/chat/sessions');
      expect(bad.headers.get('www-authenticate')).toContain('error="invalid_token"');
    });

    it('takes no token from the address or from another scheme', async () => {
      const { token: good } = await server.newUser();
      const inQuery = await server.anonymous.call('GET', `/auths/me?access_token=${good ?? ''}`);
      expectProblem(inQuery, 401, 'authentication-required');
      const basic = await server.anonymous.call('GET', '/auths/me', {
        headers: { authorization: `Basic ${good ?? ''}` },
      });
      expectProblem(basic, 401, 'authentication-required');
    });

    it('expire after ACCESS_TOKEN_TTL', async () => {
      const shortLived = await startTestApp({
        env: { ACCESS_TOKEN_TTL: '60' },
        databaseUri: server.databaseUri,
      });
      try {
        const { token: text = '' } = await shortLived.newUser();
        const claims = JSON.parse(
          Buffer.from(text.split('.')[1] ?? '', 'base64url').toString(),
        ) as { exp: number; iat: number };
        expect(claims.exp - claims.iat).toBe(60);
      } finally {
        await shortLived.stop();
      }
    });
  });

  describe('refreshing', () => {
    const signedIn = async (username: string): Promise<CookieJar> => {
      await server.anonymous.register(username);
      const jar = new CookieJar(server.url);
      await jar.login(username);
      return jar;
    };

    it('exchanges the token for another and answers an access token that works', async () => {
      const jar = await signedIn('refresher');
      const before = jar.refreshToken;
      const answer = await jar.post<RefreshResponse>('/auths/refresh');
      expect(answer.status).toBe(200);
      expect(jar.refreshToken).not.toBe(before);
      const me = await new ApiClient(server.url, answer.body.access_token).call('GET', '/auths/me');
      expect(me.body).toMatchObject({ username: 'refresher' });
      expect(answer.body.user).toEqual(me.body);
    });

    it('ends the whole family when a token comes twice', async () => {
      const jar = await signedIn('robbed');
      const stolen = jar.copy();
      expect((await jar.post('/auths/refresh')).status).toBe(200);
      expectProblem(await stolen.post('/auths/refresh'), 401, 'session-expired');
      expectProblem(await jar.post('/auths/refresh'), 401, 'session-expired');
    });

    it('gives out one new token at most when one comes many times at once', async () => {
      const jar = await signedIn('raced');
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => jar.copy().post('/auths/refresh')),
      );
      expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
      expect(answers.every(({ status }) => status === 200 || status === 401)).toBe(true);
      for (const answer of answers) {
        const heir = new CookieJar(server.url, refreshCookie(answer));
        expect((await heir.post('/auths/refresh')).status).toBe(401);
      }
    });

    it('leaves the other logins of a user alone', async () => {
      const phone = await signedIn('two.devices');
      const laptop = new CookieJar(server.url);
      await laptop.login('two.devices');
      const old = phone.copy();
      await phone.post('/auths/refresh');
      await old.post('/auths/refresh');
      expect((await laptop.post('/auths/refresh')).status).toBe(200);
    });

    it('refuses no cookie, a made-up one and an expired one', async () => {
      for (const cookie of [undefined, 'x', 'A'.repeat(43), '%00']) {
        const jar = new CookieJar(server.url, cookie);
        expectProblem(await jar.post('/auths/refresh'), 401, 'session-expired');
      }
      const jar = await signedIn('late');
      await withDatabase(server.databaseUri, (connection) =>
        connection
          .collection('refresh_tokens')
          .updateMany({}, { $set: { expires_at: new Date(Date.now() - 1000) } }),
      );
      expectProblem(await jar.post('/auths/refresh'), 401, 'session-expired');
    });

    it('keeps nothing in the database that could be sent as a token', async () => {
      const jar = await signedIn('hashed.token');
      const kept = await withDatabase(server.databaseUri, (connection) =>
        connection.collection('refresh_tokens').find().toArray(),
      );
      expect(kept.length).toBeGreaterThan(0);
      expect(JSON.stringify(kept)).not.toContain(jar.refreshToken);
    });

    it('is closed to the pages of other sites', async () => {
      const jar = await signedIn('surfer');
      const foreign: Record<string, string>[] = [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
      ];
      for (const headers of foreign) {
        for (const path of ['/auths/refresh', '/auths/logout']) {
          expectProblem(await jar.copy().post(path, { headers }), 403, 'forbidden');
        }
      }
      expect((await jar.post('/auths/refresh', { headers: { origin: server.url } })).status).toBe(
        200,
      );
    });

    it('ends with a logout, which forgets the cookie and may come twice', async () => {
      const jar = await signedIn('leaver');
      const kept = jar.copy();
      const answer = await jar.post('/auths/logout');
      expect([answer.status, answer.body]).toEqual([204, undefined]);
      expect(jar.refreshToken).toBe('');
      expectProblem(await kept.post('/auths/refresh'), 401, 'session-expired');
      expect((await kept.post('/auths/logout')).status).toBe(204);
      expect((await server.anonymous.call('POST', '/auths/logout')).status).toBe(204);
    });
  });

  describe('the account', () => {
    it('reads and renames the caller', async () => {
      const me = await server.newUser();
      const before = await me.call<User>('GET', '/auths/me');
      expect(before.body).toMatchObject({ username: me.username, display_name: me.username });
      const json = { display_name: ' New Name ' };
      const after = await me.call<User>('PATCH', '/auths/me', { json });
      expect(after.status).toBe(200);
      expect(after.body).toEqual({
        ...before.body,
        display_name: 'New Name',
        updated_at: after.body.updated_at,
      });
      expect((await me.call('GET', '/auths/me')).body).toEqual(after.body);
    });

    it('refuses a name that is none and what cannot be changed', async () => {
      const me = await server.newUser();
      const unseen = `n${'\ufe0f'.repeat(80)}`;
      for (const display_name of ['', '  ', 'n'.repeat(81), unseen, null, { $set: 'x' }]) {
        const json = { display_name };
        expectInvalid(await me.call('PATCH', '/auths/me', { json }), '/display_name');
      }
      const json = { display_name: 'x', username: 'root' };
      expectInvalid(await me.call('PATCH', '/auths/me', { json }), '/username');
    });

    it('changes the password and ends every other login', async () => {
      const me = await server.newUser();
      const here = new CookieJar(server.url);
      await here.login(me.username ?? '');
      const elsewhere = new CookieJar(server.url);
      await elsewhere.login(me.username ?? '');
      const json = { current_password: PASSWORD, new_password: 'another long password' };
      const answer = await me.call<User>('POST', '/auths/change-password', {
        json,
        headers: here.headers(),
      });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ username: me.username });
      expect(JSON.stringify(answer.body)).not.toContain('argon2');
      expectProblem(await elsewhere.post('/auths/refresh'), 401, 'session-expired');
      expect((await here.post('/auths/refresh')).status).toBe(200);
      expect((await server.anonymous.login(me.username ?? '', PASSWORD)).status).toBe(401);
      await server.anonymous.signIn(me.username ?? '', 'another long password');
    });

    it('keeps the password where the current one is wrong or the new one too short', async () => {
      const me = await server.newUser();
      const change = (current_password: string, new_password: string) =>
        me.call('POST', '/auths/change-password', { json: { current_password, new_password } });
      expectInvalid(await change('wrong password', 'another long password'), '/current_password');
      expectInvalid(await change(PASSWORD, 'short'), '/new_password');
      await server.anonymous.signIn(me.username ?? '');
    });

    it.each([
      ['GET', '/auths/me'],
      ['PATCH', '/auths/me'],
      ['POST', '/auths/change-password'],
    ])('%s %s needs a token', async (method, path) => {
      expectProblem(await server.anonymous.call(method, path), 401, 'authentication-required');
    });
  });
});
