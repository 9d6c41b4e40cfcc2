import type { BulkAction, ChatSession, Folder } from '@chat/shared-types';
import { LIMITS } from '@chat/shared-types';
import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check';
import { ApiClient, type Answer } from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

/** How many requests are under way at the same time, half of them through another server. */
const AT_ONCE = 4;

describe('folders and sessions', () => {
  let server: TestApp;
  let second: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
    second = await startTestApp({ databaseUri: server.databaseUri });
  });
  afterAll(async () => {
    await second.stop();
    await server.stop();
  });

  const step = record({
    kind: constantFrom(
      'folder',
      'folder',
      'nest',
      'nest',
      'place',
      'dissolve',
      'session',
      'put',
      'put',
      'delete',
      'restore',
      'bulk move',
      'bulk delete',
      'bulk restore',
    ),
    a: nat({ max: 50 }),
    b: nat({ max: 50 }),
  });

  interface World {
    readonly folders: string[];
    readonly sessions: string[];
  }

  async function perform(
    client: ApiClient,
    world: World,
    { kind, a, b }: { kind: string; a: number; b: number },
  ): Promise<number> {
    const folder = world.folders[a % Math.max(1, world.folders.length)] ?? '';
    const session = world.sessions[a % Math.max(1, world.sessions.length)] ?? '';
    // Beyond the last folder stands the top.
    const target = world.folders[b % (world.folders.length + 1)] ?? null;
    const call = async (method: string, path: string, json?: object): Promise<number> =>
      (await client.call(method, path, json === undefined ? {} : { json })).status;
    const bulk = (action: BulkAction, more: object = {}): Promise<number> =>
      call('POST', '/chat/sessions/bulk', {
        ids: world.sessions.filter((_id, i) => (i + a) % 2 === 0).slice(0, 10),
        action,
        ...more,
      });
    switch (kind) {
      case 'folder': {
        const json = { name: `f${world.folders.length}`, parent_id: target };
        const made: Answer<Folder> = await client.call('POST', '/chat/folders', { json });
        if (made.status === 201) world.folders.push(made.body._id);
        return made.status;
      }
      case 'session':
        world.sessions.push((await client.createSession())._id);
        return 201;
      case 'bulk move':
        return world.sessions.length < 2 ? 200 : bulk('move', { folder_id: target });
      case 'bulk delete':
        return world.sessions.length < 2 ? 200 : bulk('delete');
      case 'bulk restore':
        return world.sessions.length < 2 ? 200 : bulk('restore');
    }
    if (kind === 'nest' || kind === 'place' || kind === 'dissolve') {
      if (folder === '') return 200;
      const path = `/chat/folders/${folder}`;
      if (kind === 'dissolve') return call('DELETE', path);
      return call('PUT', path, kind === 'nest' ? { parent_id: target } : { position: b });
    }
    if (session === '') return 200;
    const path = `/chat/sessions/${session}`;
    if (kind === 'put') return call('PUT', path, { folder_id: target });
    return kind === 'delete' ? call('DELETE', path) : call('POST', `${path}/restore`);
  }

  it('agree with a plain recount after any mix of changes at once', async () => {
    await assert(
      asyncProperty(array(step, { minLength: 4, maxLength: 40, size: 'max' }), async (steps) => {
        const me = await server.newUser();
        const clients = [me, new ApiClient(second.url, me.token)];
        const world: World = { folders: [], sessions: [] };
        for (let at = 0; at < steps.length; at += AT_ONCE) {
          const statuses = await Promise.all(
            steps
              .slice(at, at + AT_ONCE)
              .map((one, i) => perform(clients[i % 2] ?? me, world, one)),
          );
          for (const status of statuses) expect([200, 201, 204, 400, 404]).toContain(status);
        }
        await check(me);
      }),
      { numRuns: 12 },
    );
  });

  async function check(me: ApiClient): Promise<void> {
    const folders = (await me.everyPage<Folder>('/chat/folders')).rows;
    const live = (await me.everyPage<ChatSession>('/chat/sessions')).rows;
    const trash = (await me.everyPage<ChatSession>('/chat/sessions?deleted=true')).rows;
    const byId = new Map(folders.map((folder) => [folder._id, folder]));
    for (const folder of folders) {
      // Ends at the top within five steps: no cycle, no missing parent.
      let depth = 1;
      for (let { parent_id } = folder; parent_id !== null; depth += 1) {
        expect(depth).toBeLessThan(LIMITS.folders.depth);
        expect(byId.has(parent_id)).toBe(true);
        parent_id = byId.get(parent_id)?.parent_id ?? null;
      }
      const count = live.filter(({ folder_id }) => folder_id === folder._id).length;
      expect(folder.session_count).toBe(count);
    }
    for (const parent of [null, ...byId.keys()]) {
      const positions = folders
        .filter(({ parent_id }) => parent_id === parent)
        .map(({ position }) => position)
        .sort((a, b) => a - b);
      expect(positions).toEqual(positions.map((_position, i) => i));
    }
    for (const { folder_id } of [...live, ...trash]) {
      expect(folder_id === null || byId.has(folder_id)).toBe(true);
    }
    for (const id of byId.keys()) {
      const listed = (await me.everyPage<ChatSession>(`/chat/sessions?folder_id=${id}`)).rows;
      expect(listed).toEqual(live.filter(({ folder_id }) => folder_id === id));
    }
    const none = (await me.everyPage<ChatSession>('/chat/sessions?folder_id=none')).rows;
    expect(none).toEqual(live.filter(({ folder_id }) => folder_id === null));
  }
});
