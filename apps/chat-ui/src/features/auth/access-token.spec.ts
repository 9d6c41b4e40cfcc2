import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendRequest } from '../../app/http-client.js';
import { answer, noAnswer, refuse, scriptFetch } from '../../testing/scripted-fetch.js';
import { dropToken, holdToken, provideAccessToken } from './access-token.js';

const alice = {
  _id: 'a11ce',
  username: 'alice',
  display_name: 'Alice',
  created_at: '2026-03-10T10:00:00.000Z',
  updated_at: '2026-03-10T10:00:00.000Z',
};
const token = (access_token: string, expires_in = 900) =>
  ({ access_token, token_type: 'bearer', expires_in, user: alice }) as const;
const ask = (path = '/chat/sessions') => sendRequest({ method: 'GET', path });
const ended = vi.fn();

describe('the access token', () => {
  beforeEach(() => {
    ended.mockClear();
    provideAccessToken(ended);
    holdToken(token('old'));
  });
  afterEach(() => {
    dropToken();
    vi.useRealTimers();
  });

  /** An API that takes one token alone. */
  function api(valid: string, refresh: () => Response | Promise<Response>) {
    return scriptFetch(({ path, headers }) => {
      if (path === '/auths/refresh') return refresh();
      const known = headers.get('Authorization') === `Bearer ${valid}`;
      return known ? answer([]) : refuse(401, 'authentication-required');
    });
  }

  it('is renewed once for all requests that are refused together', async () => {
    const seen = api('new', () => answer(token('new')));
    await Promise.all([ask('/a'), ask('/b'), ask('/c')]);
    expect(seen.filter(({ path }) => path === '/auths/refresh')).toHaveLength(1);
    expect(
      seen.filter(({ headers }) => headers.get('Authorization') === 'Bearer new'),
    ).toHaveLength(3);
  });

  it('is renewed before it expires, so that no request is refused', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const seen = api('new', () => answer(token('new')));
    vi.setSystemTime(Date.now() + 880_000);
    await ask();
    expect(seen.map(({ path }) => path)).toEqual(['/auths/refresh', '/chat/sessions']);
  });

  it('tries a refused request once more, not for ever', async () => {
    const seen = api('none', () => answer(token('new')));
    await expect(ask()).rejects.toMatchObject({ status: 401 });
    expect(seen.map(({ path }) => path)).toEqual([
      '/chat/sessions',
      '/auths/refresh',
      '/chat/sessions',
    ]);
  });

  it('ends the login when the renewal is refused, once', async () => {
    api('new', () => refuse(401, 'session-expired'));
    await Promise.allSettled([ask('/a'), ask('/b')]);
    expect(ended).toHaveBeenCalledOnce();
  });

  it('does not end the login when the server cannot be reached', async () => {
    api('new', noAnswer);
    await expect(ask()).rejects.toMatchObject({ name: 'UnreachableError' });
    expect(ended).not.toHaveBeenCalled();
  });

  it('takes turns with the other tabs of the browser', async () => {
    const turns: string[] = [];
    const request = async (lock: string, task: () => Promise<unknown>) => {
      turns.push(lock);
      return task();
    };
    vi.stubGlobal('navigator', Object.create(navigator, { locks: { value: { request } } }));
    api('new', () => answer(token('new')));
    await ask();
    await flushPromises();
    expect(turns).toEqual(['chat.refresh']);
  });
});
