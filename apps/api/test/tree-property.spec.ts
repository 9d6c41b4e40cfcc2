import type { ListedMessage, Message } from '@chat/shared-types';
import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check';
import { Types } from 'mongoose';
import type { ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

jest.setTimeout(180_000);

interface Row {
  readonly id: string;
  readonly parent: string | null;
  readonly time: number;
  readonly deleted: boolean;
}

describe('the tree of a session', () => {
  let server: TestApp;
  let me: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
  });
  afterAll(() => server.stop());

  /** What is stored, past the API, oldest first. */
  const recount = (sessionId: string): Promise<{ rows: Row[]; tip: string | null }> =>
    withDatabase(server.databaseUri, async (connection) => {
      const id = new Types.ObjectId(sessionId);
      const stored = await connection
        .collection('messages')
        .find({ session_id: id })
        .sort({ created_at: 1 })
        .toArray();
      const session = await connection.collection('chat_sessions').findOne({ _id: id });
      return {
        rows: stored.map(({ _id, parent_id, created_at, deleted }) => ({
          id: String(_id),
          parent: parent_id === null ? null : String(parent_id),
          time: (created_at as Date).getTime(),
          deleted: deleted as boolean,
        })),
        tip: session?.tip_id === null ? null : String(session?.tip_id),
      };
    });

  const step = record({
    // To prune is to delete from what is shown, often enough that whole branches go.
    kind: constantFrom('send', 'fork', 'fork', 'delete', 'prune', 'prune', 'restore', 'show'),
    target: nat({ max: 50 }),
  });

  async function perform(path: string, ids: string[], kind: string, target: number) {
    // Beyond the last message stands the root.
    const at = target % (ids.length + 1);
    const id = ids[at] ?? null;
    const message = `${path}/messages/${ids[target % Math.max(1, ids.length)] ?? ''}`;
    switch (kind) {
      case 'send':
      case 'fork': {
        const json = { content: `m${ids.length}`, ...(kind === 'fork' ? { parent_id: id } : {}) };
        const answer = await me.call<Message>('POST', `${path}/messages`, { json });
        if (answer.status === 201) {
          ids.push(answer.body._id);
          if (kind === 'fork') expect(answer.body.parent_id).toBe(id);
        }
        return answer.status;
      }
      case 'delete':
        return ids.length === 0 ? 204 : (await me.call('DELETE', message)).status;
      case 'prune': {
        const shown = await me.messages(path.split('/').at(-1) ?? '');
        const one = shown.at(-1 - (target % 3));
        if (one === undefined) return 204;
        return (await me.call('DELETE', `${path}/messages/${one._id}`)).status;
      }
      case 'restore':
        return ids.length === 0 ? 200 : (await me.call('POST', `${message}/restore`)).status;
      default:
        return id === null
          ? 200
          : (await me.call('PUT', path, { json: { active_message_id: id } })).status;
    }
  }

  it('is listed as a plain walk of what is stored finds it, after any mix of changes', async () => {
    await assert(
      asyncProperty(
        array(step, { minLength: 1, maxLength: 40, size: 'max' }),
        nat(),
        async (steps, seed) => {
          const { _id } = await me.createSession();
          const path = `/chat/sessions/${_id}`;
          const ids: string[] = [];
          for (const { kind, target } of steps) {
            expect([200, 201, 204, 404]).toContain(await perform(path, ids, kind, target));
          }
          await check(_id, path, seed);
        },
      ),
      { numRuns: 25 },
    );
  });

  async function check(sessionId: string, path: string, seed: number): Promise<void> {
    const { rows, tip } = await recount(sessionId);
    const live = rows.filter(({ deleted }) => !deleted).map(({ id }) => id);
    const session = await me.getSession(sessionId);
    expect(session.message_count).toBe(live.length);

    const active = await me.messages(sessionId);
    expect(active.map(idOf)).toEqual(walk(rows, tip));
    expect(session.active_message_id).toBe(active.at(-1)?._id ?? null);
    // Whatever is live can be reached: only a session without live messages shows none of them.
    expect(active.length > 0).toBe(live.length > 0);
    const end = active.at(-1)?._id;
    const beyond = live.filter((id) => id !== end && walk(rows, id).includes(end ?? id));
    expect(end === undefined ? [] : beyond).toEqual([]);
    expectVersions(rows, active);

    const all = await me.messages(sessionId, '?branch=all');
    expect(all.map(idOf)).toEqual(live);
    expectVersions(rows, all);
    for (const { _id } of all) {
      const leaf = await me.messages(sessionId, `?leaf=${_id}`);
      expect(leaf.map(idOf)).toEqual(walk(rows, _id));
    }
    await expectPaging(path, 'branch=active', active, seed);
    await expectPaging(path, 'branch=all', all, seed);
    const some = all[seed % Math.max(1, all.length)];
    if (some === undefined) return;
    const leaf = await me.messages(sessionId, `?leaf=${some._id}`);
    await expectPaging(path, `leaf=${some._id}`, leaf, seed);
  }

  async function expectPaging(path: string, view: string, whole: ListedMessage[], seed: number) {
    const limit = 1 + (seed % 6);
    const base = `${path}/messages?${view}&limit=${limit}`;
    expect((await me.everyPage(base)).rows).toEqual(whole);
    expect((await me.everyPage(`${base}&order=desc`)).rows).toEqual(whole.toReversed());
  }
});

const idOf = ({ _id }: { _id: string }): string => _id;

/** The live messages from the root to this one. */
function walk(rows: readonly Row[], leaf: string | null): string[] {
  const row = rows.find(({ id }) => id === leaf);
  if (row === undefined) return [];
  return [...walk(rows, row.parent), ...(row.deleted ? [] : [row.id])];
}

function expectVersions(rows: readonly Row[], listed: readonly ListedMessage[]): void {
  for (const { parent_id, siblings } of listed) {
    const versions = rows.filter(({ parent, deleted }) => parent === parent_id && !deleted);
    expect(siblings).toEqual(versions.map(({ id }) => id));
  }
}
