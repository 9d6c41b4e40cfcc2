import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { readStored, writeStored } from '../../app/user-storage.js';
import { answer, noAnswer, refuse, scriptFetch } from '../../testing/scripted-fetch.js';
import { useAuthStore } from './auth.store.js';

const user = {
  _id: 'a11ce',
  username: 'alice',
  display_name: 'Alice',
  created_at: '2026-03-10T10:00:00.000Z',
  updated_at: '2026-03-10T10:00:00.000Z',
};
const token = { access_token: 'x', token_type: 'bearer', expires_in: 900 };

function api(refresh: () => Response | Promise<Response> = () => answer({ ...token, user })) {
  return scriptFetch(({ path }) => {
    if (path === '/auths/me') return answer(user);
    if (path === '/auths/refresh') return refresh();
    return path === '/auths/logout' ? answer(null, 204) : answer(token);
  });
}

describe('who is signed in', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
  });

  it('asks nothing of the server on a first visit', async () => {
    const seen = api();
    const auth = useAuthStore();
    await auth.restore();
    expect(auth.status).toBe('signed-out');
    expect(seen).toEqual([]);
  });

  it('is found out again after a reload', async () => {
    api();
    await useAuthStore().login('alice', 'alicepass123');
    setActivePinia(createPinia());
    const seen = api();
    const auth = useAuthStore();
    await Promise.all([auth.restore(), auth.restore()]);
    expect(auth.user?.username).toBe('alice');
    expect(seen.map(({ path }) => path)).toEqual(['/auths/refresh']);
  });

  it('keeps no token where another script could read it', async () => {
    api();
    await useAuthStore().login('alice', 'alicepass123');
    expect(
      JSON.stringify([...Object.entries(localStorage), ...Object.entries(sessionStorage)]),
    ).not.toContain('"x"');
  });

  it('keeps drafts when the login expired, and says why nobody is signed in', async () => {
    api();
    await useAuthStore().login('alice', 'alicepass123');
    writeStored('a11ce', 'draft.new', 'mine');
    setActivePinia(createPinia());
    api(() => refuse(401, 'session-expired'));
    const auth = useAuthStore();
    await auth.restore();
    expect(auth).toMatchObject({ status: 'signed-out', ended: true });
    expect(readStored('a11ce', 'draft.new')).toBe('mine');
  });

  it('stays unknown, not signed out, while the server cannot be reached', async () => {
    api();
    await useAuthStore().login('alice', 'alicepass123');
    setActivePinia(createPinia());
    api(noAnswer);
    const auth = useAuthStore();
    await auth.restore();
    expect(auth.status).toBe('unreachable');
  });

  it('forgets everything of the user on logout', async () => {
    api();
    const auth = useAuthStore();
    await auth.login('alice', 'alicepass123');
    writeStored('a11ce', 'draft.new', 'mine');
    expect(await auth.logout()).toBe(true);
    expect(auth).toMatchObject({ status: 'signed-out', user: null, ended: false });
    expect(Object.keys(localStorage)).toEqual([]);
  });
});
