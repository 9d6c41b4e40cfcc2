import type { Folder, Message } from '@chat/shared-types';
import mongoose from 'mongoose';
import { LeftoversSweeper } from '../src/leftovers/leftovers.sweeper.js';
import { SessionsRepository } from '../src/sessions/sessions.repository.js';
import { withDatabase } from './support/database.js';
import { CookieJar } from './support/cookie-jar.js';
import { PASSWORD, type ApiClient } from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

/** What Mongoose hands to the driver, one entry a call. */
interface Query {
  readonly collection: string;
  readonly method: string;
  readonly filter: mongoose.mongo.Document;
  readonly sort?: mongoose.mongo.Document;
}

const READS_BY_FILTER =
  /^(find|findOne|findOneAndUpdate|findOneAndDelete|updateOne|updateMany|deleteOne|deleteMany|countDocuments)$/;

interface Plan {
  readonly stage?: string;
  readonly inputStage?: Plan;
  readonly inputStages?: readonly Plan[];
}

const stagesOf = (plan: Plan): string[] => [
  plan.stage ?? '',
  ...[plan.inputStage ?? [], plan.inputStages ?? []].flat().flatMap((one) => stagesOf(one)),
];

async function winningPlan(cursor: mongoose.mongo.FindCursor): Promise<Plan> {
  const { queryPlanner } = await cursor.explain('queryPlanner');
  return (queryPlanner as { winningPlan: Plan }).winningPlan;
}

describe('indexes', () => {
  let server: TestApp;
  let me: ApiClient;
  const queries: Query[] = [];
  let commands: jest.SpiedFunction<mongoose.mongo.Db['command']>;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    mongoose.set(
      'debug',
      (collection: string, method: string, filter: unknown, ...rest: unknown[]) => {
        if (!READS_BY_FILTER.test(method)) return;
        const sort = rest
          .map((argument) => (argument as { sort?: mongoose.mongo.Document } | undefined)?.sort)
          .find((one) => one !== undefined);
        queries.push({ collection, method, filter: filter as mongoose.mongo.Document, sort });
      },
    );
    // What is asked for by the command itself goes past Mongoose (`persistence/find-bytes.ts`).
    commands = jest.spyOn(mongoose.mongo.Db.prototype, 'command');
  });
  afterAll(async () => {
    commands.mockRestore();
    mongoose.set('debug', false);
    await server.stop();
  });

  it('serve every query that the routes make, sorted lists without sorting', async () => {
    await everyRoute();
    const pages = commands.mock.calls
      .map(([command]) => command as Partial<Query> & { readonly find?: string })
      .flatMap(({ find, filter, sort }): Query[] =>
        find === undefined || filter === undefined
          ? []
          : [{ collection: find, method: 'find', filter, sort }],
      );
    expect(pages).not.toEqual([]);
    const asked = new Map([...queries, ...pages].map((query) => [shapeOf(query), query]));
    // The routes below reach every repository; fewer shapes would mean that nothing was observed.
    expect(asked.size).toBeGreaterThan(15);
    await withDatabase(server.databaseUri, async (connection) => {
      for (const [shape, { collection, filter, sort }] of asked) {
        const cursor = connection.collection(collection).find(filter);
        if (sort !== undefined) cursor.sort(sort);
        const stages = stagesOf(await winningPlan(cursor));
        expect({
          shape,
          scans: stages.includes('COLLSCAN'),
          sorts: stages.includes('SORT'),
        }).toEqual({ shape, scans: false, sorts: false });
      }
    });
  });

  it('would be missed: a query that none serves is explained as a scan', async () => {
    await withDatabase(server.databaseUri, async (connection) => {
      const cursor = connection.collection('messages').find({ content: 'x' });
      expect(stagesOf(await winningPlan(cursor))).toContain('COLLSCAN');
    });
  });

  it('read no more of a page far down the list than of the first', async () => {
    const { _id } = await me.createSession('long');
    await withDatabase(server.databaseUri, async (connection) => {
      const sessionId = new mongoose.Types.ObjectId(_id);
      const [{ user_id } = { user_id: null }] = await connection
        .collection('chat_sessions')
        .find({ _id: sessionId })
        .toArray();
      const rows = Array.from({ length: 2_000 }, (_, i) => ({
        session_id: sessionId,
        user_id: user_id as unknown,
        content: `m${i}`,
        role: 'user',
        created_at: new Date(1_700_000_000_000 + i),
        parent_id: null,
        branch_id: null,
        status: 'complete',
        deleted: false,
        deleted_at: null,
      }));
      await connection.collection('messages').insertMany(rows);
      queries.length = 0;
      const paged = await me.everyPage(`/chat/sessions/${_id}/messages?limit=100`);
      expect(paged.rows).toHaveLength(2_000);
      const last = queries.findLast(({ collection }) => collection === 'messages')!;
      const { executionStats } = await connection
        .collection('messages')
        .find(last.filter)
        .sort(last.sort as Record<string, 1 | -1>)
        .limit(101)
        .explain('executionStats');
      const { totalDocsExamined } = executionStats as { totalDocsExamined: number };
      expect(totalDocsExamined).toBeLessThanOrEqual(105);
    });
  });

  it('read no more of a branch beside thousands of messages than of one alone', async () => {
    const { _id } = await me.createSession('beside');
    const path = `/chat/sessions/${_id}`;
    const root = await me.send(_id, 'root');
    await me.send(_id, 'trunk');
    await withDatabase(server.databaseUri, async (connection) => {
      const messages = connection.collection('messages');
      const model = await messages.findOne({ content: 'trunk', session_id: idOf(_id) });
      const time = (model?.created_at as Date).getTime();
      const rows = Array.from({ length: 2_000 }, (_, i) => ({
        ...model,
        _id: new mongoose.Types.ObjectId(),
        created_at: new Date(time + 1 + i),
      }));
      await messages.insertMany(rows);
      const later = new Date(time + 5_000);
      await connection
        .collection('chat_sessions')
        .updateOne({ _id: idOf(_id) }, { $set: { last_message_at: later } });
      const json = { content: 'branch', parent_id: root._id };
      expect((await me.call('POST', `${path}/messages`, { json })).status).toBe(201);
      await me.send(_id, 'end');
      queries.length = 0;
      const shown = await me.messages(_id, '?limit=3&order=desc');
      expect(shown.map(({ content }) => content)).toEqual(['end', 'branch', 'root']);
      const asked = queries.filter((one) => one.collection === 'messages' && one.sort);
      // One for each part of the path.
      expect(asked).toHaveLength(2);
      for (const { filter, sort } of asked) {
        const { executionStats } = await messages
          .find(filter)
          .sort(sort as Record<string, 1 | -1>)
          .limit(4)
          .explain('executionStats');
        const { totalDocsExamined } = executionStats as { totalDocsExamined: number };
        expect(totalDocsExamined).toBeLessThanOrEqual(5);
      }
    });
  });

  async function everyRoute(): Promise<void> {
    const jar = new CookieJar(server.url);
    await jar.login(me.username ?? '');
    await jar.post('/auths/refresh');
    await server.anonymous.login(me.username ?? '', 'wrong');
    await me.call('GET', '/auths/me');
    await me.call('PATCH', '/auths/me', { json: { display_name: 'x' } });
    await me.call('POST', '/auths/change-password', {
      json: { current_password: PASSWORD, new_password: PASSWORD },
      headers: jar.headers(),
    });
    await jar.post('/auths/logout');
    const { _id } = await me.createSession();
    await me.createSession();
    const path = `/chat/sessions/${_id}`;
    const first = await me.send(_id, 'a');
    await me.trySend(_id, 'b', { 'idempotency-key': 'k' });
    await me.trySend(_id, 'b', { 'idempotency-key': 'k' });
    await me.call('PUT', path, { json: { title: 'x' } });
    for (const query of ['', '&order=desc', '&deleted=true']) {
      await me.everyPage(`${path}/messages?limit=1${query}`);
    }
    await me.call('DELETE', `${path}/messages/${first._id}`);
    await me.call('POST', `${path}/messages/${first._id}/restore`);
    await branches(path, first);
    await server.app.get(SessionsRepository).changedSince([idOf(first.user_id)], new Date(0), 10);
    await me.everyPage('/chat/sessions?limit=1');
    for (const q of [
      'x',
      'x a',
      '"a b" -c',
      'abc',
      'from:user',
      'in:y tag:z is:pinned',
      'is:deleted a',
    ]) {
      await me.everyPage(`/chat/search?limit=1&q=${encodeURIComponent(q)}`);
    }
    await order(_id);
    await me.call('DELETE', path);
    await me.everyPage('/chat/sessions?limit=1&deleted=true');
    await me.everyPage('/chat/trash?limit=1');
    await me.call('POST', `${path}/restore`);
    await me.getSession(_id);
    await trash(path, first);
  }

  async function trash(path: string, { _id }: Message): Promise<void> {
    const message = `${path}/messages/${_id}`;
    await me.call('POST', `${message}/revisions/1/restore`);
    for (const method of ['PUT', 'DELETE']) {
      const answer = await me.call(method, `${message}/reactions/${encodeURIComponent('👍')}`);
      expect(answer.status).toBe(200);
    }
    await me.call('DELETE', message);
    await me.everyPage('/chat/trash?limit=1');
    await me.call('DELETE', path);
    expect((await me.call('DELETE', '/chat/trash')).status).toBe(204);
    await server.app.get(LeftoversSweeper).idle();
    const devices = await me.everyPage<{ _id: string; current: boolean }>('/auths/devices?limit=1');
    const other = devices.rows.find(({ current }) => !current);
    await me.call('DELETE', `/auths/devices/${other?._id ?? '0123456789abcdef01234567'}`);
    const gone = await server.newUser();
    await gone.createSession();
    await gone.call('DELETE', '/auths/me', { json: { password: PASSWORD } });
    await server.app.get(LeftoversSweeper).idle();
  }

  async function order(id: string): Promise<void> {
    const [outer, inner] = [await makeFolder(null), await makeFolder(null)];
    await me.call('PUT', `/chat/folders/${inner}`, { json: { parent_id: outer, name: 'in' } });
    for (const title of ['one', 'two', 'three']) {
      const { _id } = await me.createSession(title);
      const json = { folder_id: inner, tags: ['tag'], pinned: title !== 'one' };
      expect((await me.call('PUT', `/chat/sessions/${_id}`, { json })).status).toBe(200);
    }
    for (const filter of [
      'view=sidebar',
      'archived=false',
      'pinned=true',
      'folder_id=none',
      `folder_id=${inner}`,
      'tag=tag',
      `view=sidebar&folder_id=${inner}`,
      'view=sidebar&tag=tag',
      `folder_id=${inner}&tag=tag&archived=false&pinned=true`,
    ]) {
      await me.everyPage(`/chat/sessions?limit=1&${filter}`);
    }
    await me.everyPage('/chat/tags?limit=1');
    await me.everyPage('/chat/folders?limit=1');
    for (const change of [
      { action: 'archive' },
      { action: 'move', folder_id: outer },
      { action: 'tag', tags: ['more'] },
      { action: 'delete' },
      { action: 'restore' },
    ]) {
      const json = { ids: [id], ...change };
      expect((await me.call('POST', '/chat/sessions/bulk', { json })).status).toBe(200);
    }
    expect((await me.call('POST', `/chat/sessions/${id}/duplicate`)).status).toBe(201);
    for (const folder of [inner, outer]) {
      expect((await me.call('DELETE', `/chat/folders/${folder}`)).status).toBe(204);
    }
  }

  async function makeFolder(parent_id: string | null): Promise<string> {
    const json = { name: 'folder', parent_id };
    return (await me.call<Folder>('POST', '/chat/folders', { json })).body._id;
  }

  async function branches(path: string, first: Message): Promise<void> {
    for (const parent_id of [first._id, first._id, null]) {
      const json = { content: 'x', parent_id };
      expect((await me.call('POST', `${path}/messages`, { json })).status).toBe(201);
    }
    await me.call('PUT', path, { json: { active_message_id: first._id } });
    const shown = await me.messages(first.session_id);
    for (const view of ['branch=active', 'branch=all', `leaf=${shown.at(-1)?._id ?? ''}`]) {
      for (const order of ['asc', 'desc']) {
        await me.everyPage(`${path}/messages?limit=1&${view}&order=${order}`);
      }
    }
    for (const { _id } of shown.toReversed()) {
      expect((await me.call('DELETE', `${path}/messages/${_id}`)).status).toBe(204);
    }
    await me.call('POST', `${path}/messages/${first._id}/restore`);
    const message = `${path}/messages/${first._id}`;
    for (const content of ['once', 'twice']) {
      expect((await me.call('PATCH', message, { json: { content } })).status).toBe(200);
    }
    expect((await me.call('GET', `${message}/revisions`)).body).toHaveLength(2);
  }
});

function idOf(id: string): mongoose.Types.ObjectId {
  return new mongoose.Types.ObjectId(id);
}

/** The query without its values: what decides which index serves it. */
function shapeOf({ collection, method, filter, sort }: Query): string {
  const fields = JSON.stringify(filter, (_key, value: unknown) =>
    typeof value === 'object' && value !== null ? value : '?',
  );
  return `${collection}.${method}(${fields}) ${JSON.stringify(sort ?? {})}`;
}
