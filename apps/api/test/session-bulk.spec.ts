import type {
  BulkResponse,
  BulkResult,
  ChangeEvent,
  ChatSession,
  Folder,
} from '@chat/shared-types';
import { getConnectionToken } from '@nestjs/mongoose';
import { Types, type Connection } from 'mongoose';
import {
  expectInvalid,
  expectProblem,
  listed,
  type Answer,
  type ApiClient,
} from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { EventReader } from './support/events.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const ABSENT = '0123456789abcdef01234567';

describe('POST /chat/sessions/bulk', () => {
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

  const ask = (json: unknown): Promise<Answer<BulkResponse>> =>
    me.call('POST', '/chat/sessions/bulk', { json });
  const bulk = async (json: object): Promise<BulkResult[]> => {
    const answer = await ask(json);
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
    return answer.body.results;
  };
  const make = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1) ids.push((await me.createSession(`s${i}`))._id);
    return ids;
  };
  const done = (ids: readonly string[]) => ids.map((id) => ({ id, ok: true }));

  it('archives and pins, and takes both back', async () => {
    const ids = await make(3);
    const [first = '', ...others] = ids;
    const states = async () =>
      Promise.all(
        ids.map(async (id) => {
          const { archived, pinned } = await me.getSession(id);
          return [archived, pinned];
        }),
      );
    expect(await bulk({ ids: others, action: 'archive' })).toEqual(done(others));
    expect(await bulk({ ids: [first], action: 'pin' })).toEqual(done([first]));
    expect(await states()).toEqual([
      [false, true],
      [true, false],
      [true, false],
    ]);
    await bulk({ ids, action: 'unarchive' });
    await bulk({ ids, action: 'unpin' });
    expect(await states()).toEqual([
      [false, false],
      [false, false],
      [false, false],
    ]);
  });

  it('moves into a folder and out of it', async () => {
    const ids = await make(2);
    const folder = await me.call<Folder>('POST', '/chat/folders', { json: { name: 'f' } });
    await bulk({ ids, action: 'move', folder_id: folder.body._id });
    const { rows } = await me.everyPage(`/chat/sessions?folder_id=${folder.body._id}`);
    expect(rows).toHaveLength(2);
    await bulk({ ids, action: 'move', folder_id: null });
    expect((await me.everyPage('/chat/sessions?folder_id=none')).rows).toHaveLength(2);
  });

  it('adds tags that are not there yet and takes away those that are alike', async () => {
    const ids = await make(2);
    const [first = '', second = ''] = ids;
    await me.call('PUT', `/chat/sessions/${first}`, { json: { tags: ['Work', 'own'] } });
    expect(await bulk({ ids, action: 'tag', tags: [' work', 'new '] })).toEqual(done(ids));
    expect((await me.getSession(first)).tags).toEqual(['Work', 'own', 'new']);
    expect((await me.getSession(second)).tags).toEqual(['work', 'new']);
    await bulk({ ids, action: 'untag', tags: ['WORK'] });
    expect((await me.getSession(first)).tags).toEqual(['own', 'new']);
    expect((await me.everyPage('/chat/sessions?tag=work')).rows).toEqual([]);
    expect((await me.everyPage('/chat/sessions?tag=new')).rows).toHaveLength(2);
  });

  it('leaves alone a session that would have too many tags, and says so of it', async () => {
    const ids = await make(2);
    const [full = '', empty = ''] = ids;
    const tags = Array.from({ length: 20 }, (_, i) => `t${i}`);
    await me.call('PUT', `/chat/sessions/${full}`, { json: { tags } });
    const [failed, kept] = await bulk({ ids, action: 'tag', tags: ['one more'] });
    expect(failed).toMatchObject({
      id: full,
      ok: false,
      error: { status: 400, type: '/problems/invalid-request', instance: `/chat/sessions/${full}` },
    });
    expect(kept).toEqual({ id: empty, ok: true });
    expect((await me.getSession(full)).tags).toEqual(tags);
    expect((await me.getSession(empty)).tags).toEqual(['one more']);
  });

  it('deletes and restores, which leaves everything as it was', async () => {
    const ids = await make(3);
    const sent = await me.send(ids[0] ?? '', 'kept');
    const before = await me.everyPage<ChatSession>('/chat/sessions');
    expect(await bulk({ ids, action: 'delete' })).toEqual(done(ids));
    expect((await me.everyPage('/chat/sessions')).rows).toEqual([]);
    expect((await me.everyPage('/chat/sessions?deleted=true')).rows).toHaveLength(3);
    const [again] = await bulk({ ids: ids.slice(0, 1), action: 'delete' });
    expect(again).toMatchObject({ ok: false, error: { status: 404 } });
    expect(await bulk({ ids, action: 'restore' })).toEqual(done(ids));
    expect(await me.everyPage('/chat/sessions')).toEqual(before);
    expect(await me.messages(ids[0] ?? '')).toEqual([listed(sent)]);
  });

  it('answers for each id by itself, once, in the order of the request', async () => {
    const [mine = '', other = ''] = await make(2);
    const theirs = (await stranger.createSession())._id;
    const ids = [theirs, other.toUpperCase(), ABSENT, mine, other, ABSENT];
    const results = await bulk({ ids, action: 'archive' });
    expect(results.map(({ id, ok }) => [id, ok])).toEqual([
      [theirs, false],
      [other, true],
      [ABSENT, false],
      [mine, true],
    ]);
    const [{ error: foreign } = {}, , { error: absent } = {}] = results;
    expect(foreign).toEqual({ ...absent, instance: `/chat/sessions/${theirs}` });
    expect(foreign).toMatchObject({ status: 404, type: '/problems/not-found' });
    expect((await stranger.getSession(theirs)).archived).toBe(false);
  });

  it('tells each change to those who follow', async () => {
    const ids = await make(2);
    const reader = await EventReader.open<ChangeEvent>(me, '/chat/events');
    await bulk({ ids, action: 'delete' });
    for (const id of ids) {
      await reader.until(
        ({ event, data }) => event === 'session_deleted' && '_id' in data && data._id === id,
      );
    }
    reader.close();
  });

  it('refuses requests that it cannot carry out, and changes nothing', async () => {
    const ids = await make(1);
    const archive = { ids, action: 'archive' };
    for (const value of [
      [],
      'x',
      null,
      undefined,
      {},
      ['x'],
      [null],
      [7],
      [ids],
      Array.from({ length: 501 }, () => ABSENT),
    ]) {
      expectInvalid(await ask({ ...archive, ids: value }), '/ids');
    }
    for (const action of ['explode', '', null, undefined, ['archive']]) {
      expectInvalid(await ask({ ids, action }), '/action');
    }
    expectInvalid(await ask({ ids, action: 'move' }), '/folder_id');
    expectInvalid(await ask({ ids, action: 'move', folder_id: 'none' }), '/folder_id');
    expectInvalid(await ask({ ...archive, folder_id: ABSENT }), '/folder_id');
    for (const tags of [undefined, [], ['a', 'A'], [''], 'a', ['t'.repeat(41)]]) {
      expectInvalid(await ask({ ids, action: 'tag', tags }), '/tags');
    }
    expectInvalid(await ask({ ...archive, tags: ['a'] }), '/tags');
    expectInvalid(await ask({ ...archive, force: true }), '/force');
    const theirs = await stranger.call<Folder>('POST', '/chat/folders', { json: { name: 'f' } });
    for (const folder_id of [theirs.body._id, ABSENT]) {
      expectProblem(await ask({ ids, action: 'move', folder_id }), 404, 'not-found');
    }
    const anonymous = await server.anonymous.call('POST', '/chat/sessions/bulk', { json: archive });
    expectProblem(anonymous, 401, 'authentication-required');
    expect(await me.getSession(ids[0] ?? '')).toMatchObject({ archived: false, folder_id: null });
  });

  it('asks the database a few times for five hundred, not once for each', async () => {
    const [model = ''] = await make(1);
    const ids = await withDatabase(server.databaseUri, async (connection) => {
      const sessions = connection.collection('chat_sessions');
      const row = await sessions.findOne({ _id: new Types.ObjectId(model) });
      const rows = Array.from({ length: 500 }, () => ({ ...row, _id: new Types.ObjectId() }));
      await sessions.insertMany(rows);
      return rows.map(({ _id }) => _id.toHexString());
    });
    const calls = new Map<string, number>();
    const connection = server.app.get<Connection>(getConnectionToken());
    connection.set('debug', (collection: string, method: string) => {
      const call = `${collection}.${method}`;
      calls.set(call, (calls.get(call) ?? 0) + 1);
    });
    const results = await bulk({ ids, action: 'delete' });
    connection.set('debug', false);
    expect(results).toEqual(done(ids));
    // Five batches of a hundred; what runs by itself meanwhile may ask as well.
    expect(calls.get('chat_sessions.updateMany')).toBe(5);
    expect(calls.get('search_entries.updateMany')).toBe(5);
    expect(Math.max(...calls.values())).toBeLessThanOrEqual(10);
    expect((await me.everyPage('/chat/sessions')).rows).toHaveLength(1);
    await bulk({ ids, action: 'restore' });
    expect((await me.everyPage('/chat/sessions')).rows).toHaveLength(501);
  });
});
