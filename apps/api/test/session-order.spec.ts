import type { ChatSession, Folder, TagUse } from '@chat/shared-types';
import { Types } from 'mongoose';
import { OrderUpgrade } from '../src/sessions/order-upgrade.js';
import { expectInvalid, expectProblem, nextPage, type ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const ABSENT = '0123456789abcdef01234567';

describe('sessions in order', () => {
  let server: TestApp;
  let me: ApiClient;
  let stranger: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
    stranger = await server.newUser();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    me = await server.newUser();
  });

  const put = (id: string, json: object) =>
    me.call<ChatSession>('PUT', `/chat/sessions/${id}`, { json });
  const titles = async (query: string): Promise<string[]> =>
    (await me.everyPage<ChatSession>(`/chat/sessions?${query}`)).rows.map(({ title }) => title);
  const makeFolder = async (client = me): Promise<Folder> =>
    (await client.call<Folder>('POST', '/chat/folders', { json: { name: 'folder' } })).body;

  describe('setting', () => {
    it('puts a session into a folder, pins, archives, tags and marks it', async () => {
      const folder = await makeFolder();
      const session = await me.createSession('kept');
      const json = {
        folder_id: folder._id,
        pinned: true,
        archived: true,
        tags: ['Work', 'later'],
        unread: true,
      };
      const answer = await put(session._id, json);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        ...session,
        ...json,
        updated_at: expect.any(String) as string,
      });
      expect(await me.getSession(session._id)).toEqual(answer.body);
      const back = { folder_id: null, pinned: false, archived: false, tags: [], unread: false };
      expect((await put(session._id, back)).body).toMatchObject({ ...back, title: 'kept' });
    });

    it('is no activity, and to have read something is no change', async () => {
      const first = await me.createSession('first');
      await me.createSession('second');
      for (const json of [{ pinned: true }, { tags: ['a'] }, { unread: true }, { title: 'x' }]) {
        expect((await put(first._id, json)).status).toBe(200);
      }
      expect(await titles('')).toEqual(['second', 'x']);
      const before = await me.getSession(first._id);
      expect((await put(first._id, { unread: false })).body).toEqual({ ...before, unread: false });
    });

    it('trims tags and composes their accents', async () => {
      const { _id } = await me.createSession();
      const { body } = await put(_id, { tags: ['  two words ', 'cafe\u0301', '日本', '🎉'] });
      expect(body.tags).toEqual(['two words', 'caf\u00e9', '日本', '🎉']);
      expect((await put(_id, { tags: ['t'.repeat(40), '🎉'.repeat(40)] })).status).toBe(200);
      expectInvalid(await put(_id, { tags: ['🎉'.repeat(41)] }), '/tags');
    });

    it('refuses values that are none and keeps what was', async () => {
      const { _id } = await me.createSession('kept');
      const tags = [
        'a',
        ['a', 'A'],
        ['e\u0301', '\u00e9'],
        [' '],
        [''],
        ['t'.repeat(41)],
        [7],
        [null],
        [['a']],
        ['\ud800'],
        null,
        Array.from({ length: 21 }, (_, i) => `t${i}`),
        { 0: 'a', length: 1 },
      ];
      for (const value of tags) expectInvalid(await put(_id, { tags: value }), '/tags');
      for (const name of ['pinned', 'archived', 'unread']) {
        for (const value of ['true', 1, null, {}, []]) {
          expectInvalid(await put(_id, { [name]: value }), `/${name}`);
        }
      }
      for (const folder_id of ['none', 'x', 7, [ABSENT], { $ne: null }]) {
        expectInvalid(await put(_id, { folder_id }), '/folder_id');
      }
      expectInvalid(await put(_id, { tag_keys: ['a'] }), '/tag_keys');
      expect(await me.getSession(_id)).toMatchObject({ tags: [], pinned: false, folder_id: null });
    });

    it('knows no folder of anybody else, nor one that is gone, and changes nothing then', async () => {
      const { _id } = await me.createSession('kept');
      const theirs = await makeFolder(stranger);
      const gone = await makeFolder();
      await me.call('DELETE', `/chat/folders/${gone._id}`);
      for (const folder_id of [theirs._id, gone._id, ABSENT]) {
        expectProblem(await put(_id, { folder_id, title: 'changed' }), 404, 'not-found');
      }
      expect(await me.getSession(_id)).toMatchObject({ title: 'kept', folder_id: null });
    });
  });

  describe('listing', () => {
    let folder: Folder;

    /** Ten sessions, 0 the oldest. */
    beforeEach(async () => {
      folder = await makeFolder();
      for (let i = 0; i < 10; i += 1) {
        const { _id } = await me.createSession(`s${i}`);
        await put(_id, {
          pinned: i % 3 === 0,
          archived: i % 4 === 1,
          folder_id: i % 2 === 0 ? folder._id : null,
          tags: i >= 5 ? ['Late', `t${i}`] : [],
        });
      }
    });

    it('filters by each mark, most recent activity first', async () => {
      expect(await titles('archived=true')).toEqual(['s9', 's5', 's1']);
      expect(await titles('archived=false')).toEqual(['s8', 's7', 's6', 's4', 's3', 's2', 's0']);
      expect(await titles('pinned=true')).toEqual(['s9', 's6', 's3', 's0']);
      expect(await titles('pinned=false')).toEqual(['s8', 's7', 's5', 's4', 's2', 's1']);
      expect(await titles(`folder_id=${folder._id}`)).toEqual(['s8', 's6', 's4', 's2', 's0']);
      expect(await titles(`folder_id=${folder._id.toUpperCase()}`)).toHaveLength(5);
      expect(await titles('folder_id=none')).toEqual(['s9', 's7', 's5', 's3', 's1']);
      expect(await titles('tag=late')).toEqual(['s9', 's8', 's7', 's6', 's5']);
      expect(await titles('tag=t7')).toEqual(['s7']);
      expect(await titles('tag=t')).toEqual([]);
      expect(await titles(`folder_id=${ABSENT}`)).toEqual([]);
      expect(await titles('')).toHaveLength(10);
    });

    it('combines filters', async () => {
      const query = `folder_id=${folder._id}&tag=LATE&archived=false`;
      expect(await titles(query)).toEqual(['s8', 's6']);
      expect(await titles(`${query}&pinned=true`)).toEqual(['s6']);
      expect(await titles('archived=true&pinned=true')).toEqual(['s9']);
    });

    it('shows the sidebar: nothing archived, pinned ones first', async () => {
      const whole = ['s6', 's3', 's0', 's8', 's7', 's4', 's2'];
      expect(await titles('view=sidebar')).toEqual(whole);
      expect(await titles('view=sidebar&archived=false')).toEqual(whole);
      expect(await titles(`view=sidebar&folder_id=${folder._id}`)).toEqual([
        's6',
        's0',
        's8',
        's4',
        's2',
      ]);
      expect(await titles('view=sidebar&tag=late')).toEqual(['s6', 's8', 's7']);
      expect(await titles('view=sidebar&pinned=true')).toEqual(['s6', 's3', 's0']);
      expect(await titles('view=sidebar&pinned=false')).toEqual(['s8', 's7', 's4', 's2']);
    });

    it('pages through every list once, in order', async () => {
      const lists = [
        'view=sidebar',
        'view=sidebar&pinned=true',
        `view=sidebar&folder_id=${folder._id}`,
        'view=sidebar&tag=late',
        'archived=false',
        'pinned=true',
        `folder_id=${folder._id}`,
        'folder_id=none',
        'tag=late',
        'archived=true&tag=late',
      ];
      for (const list of lists) {
        const whole = await titles(list);
        expect(whole.length).toBeGreaterThan(0);
        for (const limit of [1, 2, 3, 4]) {
          const paged = await me.everyPage<ChatSession>(`/chat/sessions?${list}&limit=${limit}`);
          expect(paged.rows.map(({ title }) => title)).toEqual(whole);
          expect(paged.pages).toBe(Math.ceil(whole.length / limit));
        }
      }
    });

    it('refuses a cursor of another view or filter', async () => {
      const lists = [
        '',
        'view=sidebar',
        'view=sidebar&pinned=true',
        'pinned=true',
        'archived=false',
        `folder_id=${folder._id}`,
        'folder_id=none',
        'tag=late',
      ];
      for (const list of lists) {
        const first = await me.call('GET', `/chat/sessions?${list}&limit=1`);
        const cursor = new URLSearchParams(nextPage(first)?.split('?')[1]).get('cursor') ?? '';
        expect(cursor).not.toBe('');
        for (const other of lists.filter((one) => one !== list)) {
          const answer = await me.call('GET', `/chat/sessions?${other}&limit=1&cursor=${cursor}`);
          expectInvalid(answer, '?cursor');
        }
      }
    });

    it('refuses filters that are none or exclude each other', async () => {
      const of = (query: string) => me.call('GET', `/chat/sessions?${query}`);
      expectInvalid(await of('archived=maybe'), '?archived');
      expectInvalid(await of('pinned='), '?pinned');
      expectInvalid(await of('pinned=true&pinned=true'), '?pinned');
      expectInvalid(await of('view=list'), '?view');
      expectInvalid(await of('folder_id=null'), '?folder_id');
      expectInvalid(await of('folder_id=none&folder_id=none'), '?folder_id');
      expectInvalid(await of('tag='), '?tag');
      expectInvalid(await of('tag=a&tag=b'), '?tag');
      expectInvalid(await of(`tag=${'t'.repeat(41)}`), '?tag');
      expectInvalid(await of('tag[$gt]='), '?tag[$gt]');
      expectInvalid(await of('view=sidebar&deleted=true'), '?view');
      expectInvalid(await of('view=sidebar&archived=true'), '?view');
    });

    it('filters the trash too', async () => {
      const rows = await me.everyPage<ChatSession>(`/chat/sessions?folder_id=${folder._id}`);
      for (const { _id } of rows.rows) await me.call('DELETE', `/chat/sessions/${_id}`);
      const list = `deleted=true&folder_id=${folder._id}`;
      expect(await titles(list)).toEqual(['s8', 's6', 's4', 's2', 's0']);
      expect(await titles('deleted=true&folder_id=none')).toEqual([]);
    });
  });

  describe('tags', () => {
    it('are listed by the alphabet, alike ones together in their usual spelling', async () => {
      for (const tags of [['Work', 'b'], ['work'], ['Work', 'é'], [], ['gone']]) {
        const { _id } = await me.createSession();
        await put(_id, { tags });
        if (tags.includes('gone')) await me.call('DELETE', `/chat/sessions/${_id}`);
      }
      const expected: TagUse[] = [
        { tag: 'b', session_count: 1 },
        { tag: 'Work', session_count: 3 },
        { tag: 'é', session_count: 1 },
      ];
      expect((await me.call('GET', '/chat/tags')).body).toEqual(expected);
      const paged = await me.everyPage<TagUse>('/chat/tags?limit=1');
      expect([paged.rows, paged.pages]).toEqual([expected, 3]);
      expect((await stranger.call('GET', '/chat/tags')).body).toEqual([]);
    });

    it('refuse cursors that are none, and nobody’s requests', async () => {
      await me.createSession();
      await me.createSession();
      const first = await me.call('GET', '/chat/sessions?limit=1');
      const cursor = new URLSearchParams(nextPage(first)?.split('?')[1]).get('cursor') ?? '';
      for (const wrong of [cursor, 'x', 'W10', '']) {
        expectInvalid(await me.call('GET', `/chat/tags?cursor=${wrong}`), '?cursor');
      }
      expectInvalid(await me.call('GET', '/chat/tags?limit=101'), '?limit');
      const answer = await server.anonymous.call('GET', '/chat/tags');
      expectProblem(answer, 401, 'authentication-required');
    });
  });

  it('that an older version stored are listed like new ones', async () => {
    const { _id } = await me.createSession('old');
    const old = {
      folder_id: '',
      pinned: '',
      archived: '',
      tags: '',
      tag_keys: '',
      unread: '',
    };
    await withDatabase(server.databaseUri, async (connection) => {
      await connection
        .collection('chat_sessions')
        .updateOne({ _id: new Types.ObjectId(_id) }, { $unset: old });
      await connection.collection('upgrades').deleteOne({ _id: 'session-order' as never });
    });
    expect(await titles('view=sidebar')).toEqual([]);
    await server.app.get(OrderUpgrade).onApplicationBootstrap();
    for (const query of ['view=sidebar', 'archived=false', 'pinned=false', 'folder_id=none']) {
      expect(await titles(query)).toEqual(['old']);
    }
    expect(await me.getSession(_id)).toMatchObject({ tags: [], unread: false });
  });

  it('cost hardly more among two thousand than among twenty', async () => {
    const many = await server.newUser();
    for (const [client, count] of [
      [me, 20],
      [many, 2_000],
    ] as const) {
      const model = await client.createSession('model');
      await withDatabase(server.databaseUri, async (connection) => {
        const sessions = connection.collection('chat_sessions');
        const row = await sessions.findOne({ _id: new Types.ObjectId(model._id) });
        const at = (row?.last_activity_at as Date).getTime();
        await sessions.insertMany(
          Array.from({ length: count - 1 }, (_, i) => ({
            ...row,
            _id: new Types.ObjectId(),
            pinned: i % 50 === 0,
            archived: i % 7 === 0,
            last_activity_at: new Date(at - i),
          })),
        );
      });
    }
    for (const query of ['limit=15', 'view=sidebar&limit=15']) {
      // By turns, so that what else the machine does meets both alike.
      const times: Record<'few' | 'lots', number[]> = { few: [], lots: [] };
      for (let i = 0; i < 150; i += 1) {
        for (const [name, client] of [
          ['few', me],
          ['lots', many],
        ] as const) {
          const before = performance.now();
          await client.call('GET', `/chat/sessions?${query}`);
          if (i >= 30) times[name].push(performance.now() - before);
        }
      }
      expect(median(times.lots) / median(times.few)).toBeLessThan(1.2);
    }
  });
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
