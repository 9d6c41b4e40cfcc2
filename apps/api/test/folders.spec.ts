import type { ChangeEvent, ChatSession, Folder } from '@chat/shared-types';
import { FoldersService } from '../src/folders/folders.service.js';
import { Types } from 'mongoose';
import { ApiClient, expectInvalid, expectProblem, nextPage } from './support/api-client.js';
import { EventReader } from './support/events.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const ABSENT = '0123456789abcdef01234567';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('folders', () => {
  let server: TestApp;
  let second: TestApp;
  let me: ApiClient;
  let there: ApiClient;
  let stranger: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
    second = await startTestApp({ databaseUri: server.databaseUri });
    stranger = await server.newUser();
  });
  afterAll(async () => {
    await second.stop();
    await server.stop();
  });
  beforeEach(async () => {
    me = await server.newUser();
    there = new ApiClient(second.url, me.token);
  });

  const make = async (name: string, parent_id?: string | null, client = me): Promise<Folder> => {
    const answer = await client.call<Folder>('POST', '/chat/folders', {
      json: { name, ...(parent_id === undefined ? {} : { parent_id }) },
    });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 201 });
    return answer.body;
  };
  const change = (id: string, json: object, client = me) =>
    client.call<Folder>('PUT', `/chat/folders/${id}`, { json });
  const all = async (): Promise<Folder[]> => (await me.call<Folder[]>('GET', '/chat/folders')).body;
  /** The names in their order, indented by their depth. */
  const outline = async (): Promise<string[]> => {
    const folders = await all();
    const below = (parent: string | null, depth: number): string[] =>
      folders
        .filter(({ parent_id }) => parent_id === parent)
        .sort((a, b) => a.position - b.position)
        .flatMap(({ _id, name, position }, i) => {
          expect(position).toBe(i);
          return [`${'  '.repeat(depth)}${name}`, ...below(_id, depth + 1)];
        });
    return below(null, 0);
  };
  const put = (session: ChatSession, folder_id: string | null) =>
    me.call<ChatSession>('PUT', `/chat/sessions/${session._id}`, { json: { folder_id } });

  describe('making', () => {
    it('answers the whole folder, the last of its parent', async () => {
      await make('first');
      const answer = await me.call<Folder>('POST', '/chat/folders', {
        json: { name: '  Work ', color: 'teal' },
      });
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
        user_id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
        name: 'Work',
        parent_id: null,
        color: 'teal',
        position: 1,
        session_count: 0,
        created_at: expect.stringMatching(TIME) as string,
        updated_at: expect.stringMatching(TIME) as string,
      });
      expect(await make('inside', answer.body._id)).toMatchObject({ position: 0 });
    });

    it('refuses names, colours and parents that are none', async () => {
      for (const name of ['', '  ', 'n'.repeat(101), null, 7, ['x'], { $gt: '' }, '\ud800']) {
        expectInvalid(await me.call('POST', '/chat/folders', { json: { name } }), '/name');
      }
      const of = (json: object) =>
        me.call('POST', '/chat/folders', { json: { name: 'x', ...json } });
      expectInvalid(await of({ color: 'magenta' }), '/color');
      expectInvalid(await of({ parent_id: 'x' }), '/parent_id');
      expectInvalid(await of({ parent_id: ['0123456789abcdef01234567'] }), '/parent_id');
      expectInvalid(await of({ position: 0 }), '/position');
      expect(await all()).toEqual([]);
    });

    it('goes five levels deep and no deeper', async () => {
      let parent: string | null = null;
      for (let depth = 1; depth <= 5; depth += 1) parent = (await make(`${depth}`, parent))._id;
      const answer = await me.call('POST', '/chat/folders', {
        json: { name: 'too deep', parent_id: parent },
      });
      expectInvalid(answer, '/parent_id');
      expect(await outline()).toEqual(['1', '  2', '    3', '      4', '        5']);
    });

    it('ends at a thousand', async () => {
      const userId = new Types.ObjectId((await make('own'))._id && (await all())[0]!.user_id);
      const exported = Array.from({ length: 999 }, (_, i) => ({
        _id: i.toString(16).padStart(24, '0'),
        name: `f${i}`,
        parent_id: null,
        color: null,
        position: i,
        created_at: '2024-01-01T00:00:00.000Z',
        updated_at: '2024-01-02T00:00:00.000Z',
      }));
      await server.app.get(FoldersService).recreate(userId, exported);
      const answer = await me.call('POST', '/chat/folders', { json: { name: 'one more' } });
      expect(expectProblem(answer, 400, 'invalid-request').detail).toMatch(/1000/);
      expect(await outline()).toHaveLength(1_000);
    });
  });

  describe('listing', () => {
    it('pages through all of them once, in the order in which they were made', async () => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) await make(name);
      const paged = await me.everyPage<Folder>('/chat/folders?limit=2');
      expect(paged.pages).toBe(3);
      expect(paged.rows.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(paged.rows).toEqual(await all());
    });

    it('refuses a cursor of another list, and parameters that it does not know', async () => {
      await me.createSession();
      await me.createSession();
      const first = await me.call('GET', '/chat/sessions?limit=1');
      const cursor = new URLSearchParams(nextPage(first)?.split('?')[1]).get('cursor') ?? '';
      expectInvalid(await me.call('GET', `/chat/folders?cursor=${cursor}`), '?cursor');
      expectInvalid(await me.call('GET', '/chat/folders?limit=0'), '?limit');
      expectInvalid(await me.call('GET', '/chat/folders?parent_id=x'), '?parent_id');
    });

    it('counts the live sessions that are right in each', async () => {
      const outer = await make('outer');
      const inner = await make('inner', outer._id);
      const sessions = [];
      for (let i = 0; i < 3; i += 1) sessions.push(await me.createSession(`s${i}`));
      await put(sessions[0]!, outer._id);
      await put(sessions[1]!, inner._id);
      await put(sessions[2]!, inner._id);
      const counts = async () => (await all()).map(({ session_count }) => session_count);
      expect(await counts()).toEqual([1, 2]);
      await me.call('DELETE', `/chat/sessions/${sessions[2]!._id}`);
      expect(await counts()).toEqual([1, 1]);
      expect((await change(inner._id, { name: 'x' })).body.session_count).toBe(1);
    });
  });

  describe('changing', () => {
    it('renames and recolours without moving', async () => {
      const folder = await make('old');
      await make('beside');
      const { status, body } = await change(folder._id, { name: ' new ', color: 'red' });
      expect(status).toBe(200);
      expect(body).toEqual({
        ...folder,
        name: 'new',
        color: 'red',
        updated_at: expect.stringMatching(TIME) as string,
      });
      expect((await change(folder._id, { color: null })).body.color).toBeNull();
    });

    it('moves among its siblings, which make room and close up', async () => {
      const [a, b, c] = [await make('a'), await make('b'), await make('c')];
      await change(c._id, { position: 0 });
      expect(await outline()).toEqual(['c', 'a', 'b']);
      await change(c._id, { position: 1 });
      expect(await outline()).toEqual(['a', 'c', 'b']);
      await change(a._id, { position: 999 });
      expect(await outline()).toEqual(['c', 'b', 'a']);
      await change(b._id, { position: 1 });
      expect(await outline()).toEqual(['c', 'b', 'a']);
    });

    it('moves to another parent with all that it holds, the last where nothing is said', async () => {
      const [a, b, c] = [await make('a'), await make('b'), await make('c')];
      await make('b1', b._id);
      await make('a1', a._id);
      await change(b._id, { parent_id: a._id });
      expect(await outline()).toEqual(['a', '  a1', '  b', '    b1', 'c']);
      await change(c._id, { parent_id: a._id, position: 0 });
      expect(await outline()).toEqual(['a', '  c', '  a1', '  b', '    b1']);
      await change(b._id, { parent_id: null, position: 0 });
      expect(await outline()).toEqual(['b', '  b1', 'a', '  c', '  a1']);
    });

    it('refuses a cycle', async () => {
      const a = await make('a');
      const b = await make('b', a._id);
      const c = await make('c', b._id);
      for (const parent_id of [a._id, b._id, c._id]) {
        const [error] = expectInvalid(await change(a._id, { parent_id }), '/parent_id');
        expect(error?.detail).toMatch(/itself/);
      }
      expect(await outline()).toEqual(['a', '  b', '    c']);
    });

    it('counts the levels of what it moves', async () => {
      let parent: string | null = null;
      for (const name of ['1', '2', '3']) parent = (await make(name, parent))._id;
      const moved = await make('moved');
      const inner = await make('inner', moved._id);
      expect((await change(moved._id, { parent_id: parent })).status).toBe(200);
      await change(moved._id, { parent_id: null });
      await make('innermost', inner._id);
      expectInvalid(await change(moved._id, { parent_id: parent }), '/parent_id');
    });

    it('refuses what is no change, and values that are none', async () => {
      const { _id } = await make('kept');
      expectInvalid(await change(_id, {}), '/name');
      expectInvalid(await change(_id, { name: '' }), '/name');
      expectInvalid(await change(_id, { parent_id: 'x' }), '/parent_id');
      for (const position of [-1, 1.5, '0', null]) {
        expectInvalid(await change(_id, { position }), '/position');
      }
      expectInvalid(await change(_id, { name: 'x', user_id: ABSENT }), '/user_id');
    });
  });

  describe('deleting', () => {
    it('moves what it holds to its parent: folders behind those there, and all sessions', async () => {
      const outer = await make('outer');
      const gone = await make('gone', outer._id);
      await make('stays', outer._id);
      const x = await make('x', gone._id);
      await make('y', gone._id);
      await make('deep', x._id);
      const live = await me.createSession('live');
      const trashed = await me.createSession('trashed');
      for (const session of [live, trashed]) await put(session, gone._id);
      const before = await me.getSession(live._id);
      await me.call('DELETE', `/chat/sessions/${trashed._id}`);

      const answer = await me.call('DELETE', `/chat/folders/${gone._id}`);
      expect([answer.status, answer.body]).toEqual([204, undefined]);
      expect(await outline()).toEqual(['outer', '  stays', '  x', '    deep', '  y']);
      expect(await me.getSession(live._id)).toEqual({ ...before, folder_id: outer._id });
      const restored = await me.call('POST', `/chat/sessions/${trashed._id}/restore`);
      expect(restored.body).toMatchObject({ folder_id: outer._id });

      await me.call('DELETE', `/chat/folders/${outer._id}`);
      expect(await outline()).toEqual(['stays', 'x', '  deep', 'y']);
      expect((await me.getSession(live._id)).folder_id).toBeNull();
    });
  });

  it('are nobody else’s: theirs are missing in every call', async () => {
    const theirs = await make('theirs', null, stranger);
    const mine = await make('mine');
    const session = await me.createSession();
    for (const id of [theirs._id, ABSENT]) {
      const path = `/chat/folders/${id}`;
      const calls = [
        await me.call('PUT', path, { json: { name: 'x' } }),
        await me.call('DELETE', path),
        await change(mine._id, { parent_id: id }),
        await me.call('POST', '/chat/folders', { json: { name: 'x', parent_id: id } }),
        await put(session, id),
      ];
      for (const answer of calls) expectProblem(answer, 404, 'not-found');
    }
    expect((await all()).map(({ name }) => name)).toEqual(['mine']);
    expect((await me.getSession(session._id)).folder_id).toBeNull();
    for (const id of ['x', '..', '%00']) {
      const answer = await me.call('PUT', `/chat/folders/${id}`, { json: { name: 'x' } });
      expect([400, 404]).toContain(answer.status);
    }
  });

  it('ask for a login', async () => {
    const path = `/chat/folders/${ABSENT}`;
    for (const [method, url] of [
      ['GET', '/chat/folders'],
      ['POST', '/chat/folders'],
      ['PUT', path],
      ['DELETE', path],
    ] as const) {
      expectProblem(await server.anonymous.call(method, url), 401, 'authentication-required');
    }
  });

  describe('at once', () => {
    it('never make a cycle of two moves, each of which alone is right', async () => {
      for (let i = 0; i < 5; i += 1) {
        const [a, b] = [await make(`a${i}`), await make(`b${i}`)];
        const answers = await Promise.all([
          change(a._id, { parent_id: b._id }),
          change(b._id, { parent_id: a._id }, there),
        ]);
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
      }
      expect(await outline()).toHaveLength(10);
    });

    it('keep every position once, through two servers', async () => {
      const clients = [me, there];
      await Promise.all(Array.from({ length: 12 }, (_, i) => make(`f${i}`, null, clients[i % 2])));
      const folders = await all();
      await Promise.all(
        folders.map(({ _id }, i) =>
          i % 3 === 0
            ? clients[i % 2]!.call('DELETE', `/chat/folders/${_id}`)
            : change(_id, { position: (i * 5) % 12 }, clients[i % 2]),
        ),
      );
      expect(await outline()).toHaveLength(8);
    });

    it('never leave a session in a folder that is gone', async () => {
      for (let i = 0; i < 5; i += 1) {
        const folder = await make(`f${i}`);
        const session = await me.createSession();
        const [moved, deleted] = await Promise.all([
          put(session, folder._id),
          there.call('DELETE', `/chat/folders/${folder._id}`),
        ]);
        expect([200, 404]).toContain(moved.status);
        expect(deleted.status).toBe(204);
        expect((await me.getSession(session._id)).folder_id).toBeNull();
      }
    });
  });

  it.each(['the same process', 'another process'])(
    'are told of to whoever follows, whatever of them changes through %s',
    async (which) => {
      const reader = await EventReader.open<ChangeEvent>(me, '/chat/events');
      const client = which === 'another process' ? there : me;
      const told = () => reader.until(({ event }) => event === 'folders_changed');
      try {
        const folder = await make('new', null, client);
        expect((await told()).data).toEqual({});
        await change(folder._id, { name: 'renamed' }, client);
        await told();
        const session = await me.createSession();
        await put(session, folder._id);
        await client.call('DELETE', `/chat/folders/${folder._id}`);
        const last = await told();
        await reader.until(
          ({ event, data }) =>
            event === 'session' && 'session' in data && data.session.folder_id === null,
        );
        const again = await EventReader.open<ChangeEvent>(me, '/chat/events', last.id);
        expect((await again.until(({ event }) => event === 'folders_changed')).id).toBe(last.id);
        again.close();
      } finally {
        reader.close();
      }
    },
  );
});
