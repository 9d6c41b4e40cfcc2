import type { Device, TokenResponse } from '@chat/shared-types';
import { createHmac } from 'node:crypto';
import { ApiClient, expectInvalid, expectProblem, PASSWORD } from './support/api-client.js';
import { CookieJar } from './support/cookie-jar.js';
import { withDatabase } from './support/database.js';
import { EventReader } from './support/events.js';
import { startTestApp, TEST_JWT_SECRET, type TestApp } from './support/test-app.js';

const ABSENT = '0123456789abcdef01234567';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let names = 0;

describe('signed-in devices', () => {
  let server: TestApp;
  let second: TestApp;
  let username: string;

  beforeAll(async () => {
    server = await startTestApp();
    second = await startTestApp({ databaseUri: server.databaseUri });
  });
  afterAll(async () => {
    await second.stop();
    await server.stop();
  });
  beforeEach(async () => {
    names += 1;
    username = `owner-${names}`;
    await server.anonymous.register(username);
    // What registering signed in is of no interest here.
    await withDatabase(server.databaseUri, (connection) =>
      connection.collection('refresh_tokens').deleteMany({}),
    );
  });

  /** A device that is signed in: its cookie and its access token. */
  async function signIn(
    userAgent = FIREFOX,
    url = server.url,
  ): Promise<{ jar: CookieJar; client: ApiClient }> {
    const jar = new CookieJar(url);
    const answer = await jar.post<TokenResponse>('/auths/login', {
      raw: new URLSearchParams({ username, password: PASSWORD }),
      headers: { 'user-agent': userAgent },
    });
    expect(answer.status).toBe(200);
    return { jar, client: new ApiClient(url, answer.body.access_token, username) };
  }

  async function devices(client: ApiClient, jar?: CookieJar): Promise<Device[]> {
    const headers = jar?.headers() ?? {};
    const answer = await client.call<Device[]>('GET', '/auths/devices', { headers });
    expect(answer.status).toBe(200);
    return answer.body;
  }

  const revoke = (client: ApiClient, id: string) => client.call('DELETE', `/auths/devices/${id}`);
  const isIn = async (client: ApiClient) => (await client.call('GET', '/auths/me')).status === 200;

  /** Asks another process until it has heard: within a few seconds, or the test fails. */
  async function untilOut(client: ApiClient): Promise<void> {
    const began = performance.now();
    while (await isIn(client)) {
      expect(performance.now() - began).toBeLessThan(4_000);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('are listed in words, the last used first, with the one that asks', async () => {
    const laptop = await signIn();
    const phone = await signIn('curl/8.14.1');
    const listed = await devices(laptop.client);
    const time = expect.stringMatching(/^\d{4}-.*Z$/) as string;
    const id = expect.stringMatching(/^[0-9a-f]{24}$/) as string;
    const times = { created_at: time, last_used_at: time };
    expect(listed).toEqual([
      { _id: id, name: 'curl', ...times, current: false },
      { _id: id, name: 'Firefox on Linux', ...times, current: true },
    ]);
    expect((await devices(phone.client)).map(({ current }) => current)).toEqual([true, false]);
  });

  it('stay the same device over a refresh, which tells its name anew and moves its time', async () => {
    const { jar, client } = await signIn();
    const other = await signIn('curl/8.14.1');
    const before = (await devices(client)).find(({ current }) => current);
    const headers = { 'user-agent': FIREFOX.replace('X11; Linux', 'Windows NT 10.0;') };
    expect((await jar.post('/auths/refresh', { headers })).status).toBe(200);
    const [after] = await devices(client);
    expect(after).toEqual({
      ...before,
      name: 'Firefox on Windows',
      last_used_at: expect.any(String) as string,
    });
    expect(Date.parse(after?.last_used_at ?? '')).toBeGreaterThan(
      Date.parse(before?.last_used_at ?? ''),
    );
    // The cookie tells which device asks, where the access token cannot.
    expect((await devices(withoutLogin(other.client), jar))[0]?.current).toBe(true);
  });

  /** A token as an earlier version signed it: it names no login. */
  function withoutLogin(client: ApiClient): ApiClient {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(
      Buffer.from(client.token?.split('.')[1] ?? '', 'base64url').toString(),
    ) as { sub: string; iat: number; exp: number; sid?: string };
    const { sub, iat, exp } = claims;
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, iat, exp })}`;
    const signature = createHmac('sha256', TEST_JWT_SECRET).update(signed).digest('base64url');
    return new ApiClient(client.url, `${signed}.${signature}`, client.username);
  }

  it('are signed out from another one: no refresh, no access, no events any more', async () => {
    const here = await signIn();
    const lost = await signIn('curl/8.14.1');
    const events = await EventReader.open(lost.client, '/chat/events');
    const [target] = await devices(here.client);
    const answer = await revoke(here.client, target?._id ?? '');
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expectProblem(await lost.client.call('GET', '/chat/sessions'), 401, 'authentication-required');
    expectProblem(await lost.jar.post('/auths/refresh'), 401, 'session-expired');
    await events.toEnd();
    expect((await devices(here.client)).map(({ current }) => current)).toEqual([true]);
    expectProblem(await revoke(here.client, target?._id ?? ''), 404, 'not-found');
  });

  it('are signed out of every process within a few seconds, also of one that starts later', async () => {
    const here = await signIn();
    const lost = await signIn('curl/8.14.1', second.url);
    const events = await EventReader.open(lost.client, '/chat/events');
    const target = (await devices(here.client)).find(({ current }) => !current);
    expect((await revoke(here.client, target?._id ?? '')).status).toBe(204);
    await events.toEnd();
    await untilOut(lost.client);
    const third = await startTestApp({ databaseUri: server.databaseUri });
    try {
      expect(await isIn(new ApiClient(third.url, lost.client.token))).toBe(false);
      expect(await isIn(new ApiClient(third.url, here.client.token))).toBe(true);
    } finally {
      await third.stop();
    }
  });

  it('may sign themselves out', async () => {
    const { client, jar } = await signIn();
    const [own] = await devices(client);
    expect((await revoke(client, own?._id ?? '')).status).toBe(204);
    expect(await isIn(client)).toBe(false);
    expectProblem(await jar.post('/auths/refresh'), 401, 'session-expired');
  });

  it('lose their access with a logout, with a token that came twice and with a new password', async () => {
    const [left, robbed, other, here] = [
      await signIn(),
      await signIn(),
      await signIn(),
      await signIn(),
    ];
    await left.jar.post('/auths/logout');
    expect(await isIn(left.client)).toBe(false);

    const thief = robbed.jar.copy();
    await robbed.jar.post('/auths/refresh');
    await thief.post('/auths/refresh');
    expect(await isIn(robbed.client)).toBe(false);

    expect(await isIn(other.client)).toBe(true);
    const json = { current_password: PASSWORD, new_password: 'another long password' };
    const changed = await here.client.call('POST', '/auths/change-password', { json });
    expect(changed.status).toBe(200);
    expect([await isIn(other.client), await isIn(here.client)]).toEqual([false, true]);
    // Also without its cookie at hand, the login that asked stays.
    expect((await here.jar.post('/auths/refresh')).status).toBe(200);
  });

  it('are refused for no reason but their own: tokens of earlier versions stay good', async () => {
    const { client } = await signIn();
    const old = withoutLogin(client);
    const [own] = await devices(client);
    await revoke(client, own?._id ?? '');
    expect([await isIn(client), await isIn(old)]).toEqual([false, true]);
  });

  it('page through the list', async () => {
    for (let i = 0; i < 4; i += 1) await signIn(`program-${i}/1.0`);
    const { client } = await signIn();
    const whole = await devices(client);
    expect(whole).toHaveLength(5);
    const paged = await client.everyPage<Device>('/auths/devices?limit=2');
    expect(paged).toEqual({ rows: whole, pages: 3 });
    expectInvalid(await client.call('GET', '/auths/devices?limit=0'), '?limit');
    expectInvalid(await client.call('GET', '/auths/devices?cursor=x'), '?cursor');
  });

  it('leave out logins that have expired, and keep nothing of a long header', async () => {
    await signIn();
    await withDatabase(server.databaseUri, (connection) =>
      connection
        .collection('refresh_tokens')
        .updateMany({}, { $set: { expires_at: new Date(Date.now() - 1000) } }),
    );
    const { client } = await signIn(`secret-${'x'.repeat(5000)} Firefox/140.0`);
    expect((await devices(client)).map(({ name }) => name)).toEqual(['Unknown device']);
    const kept = await withDatabase(server.databaseUri, (connection) =>
      connection.collection('refresh_tokens').find().toArray(),
    );
    expect(JSON.stringify(kept)).not.toContain('secret');
  });

  it("do not tell of other people's, and refuse what is no id", async () => {
    const { client } = await signIn();
    const stranger = await server.newUser();
    const [theirs] = await devices(stranger);
    for (const id of [ABSENT, theirs?._id ?? '']) {
      expectProblem(await revoke(client, id), 404, 'not-found');
    }
    expect(await isIn(stranger)).toBe(true);
    for (const id of ['x', `${ABSENT}0`, '%24ne']) {
      expectProblem(await revoke(client, id), 400, 'invalid-request');
    }
    for (const method of ['GET', 'DELETE']) {
      const path = method === 'GET' ? '/auths/devices' : `/auths/devices/${ABSENT}`;
      expectProblem(await server.anonymous.call(method, path), 401, 'authentication-required');
    }
  });
});
