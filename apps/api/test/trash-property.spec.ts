import type { ChatSession, ListedMessage, Message, TrashEntry } from '@chat/shared-types';
import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check';
import { LeftoversSweeper } from '../src/leftovers/leftovers.sweeper.js';
import type { ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

jest.setTimeout(240_000);

/** A message as the test remembers it, also after it is gone for good. */
interface Node {
  readonly id: string;
  readonly parent: string | null;
  state: 'live' | 'trash' | 'gone';
}

interface Step {
  readonly kind: string;
  readonly target: number;
}

const EMOJI = ['👍', '🎉', '👩🏽‍🚀'];

describe('whatever is done to a session', () => {
  let server: TestApp;
  let me: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
  });
  afterAll(() => server.stop());

  const steps = (kinds: readonly string[], maxLength: number) =>
    array(record({ kind: constantFrom(...kinds), target: nat({ max: 60 }) }), {
      maxLength,
      size: 'max',
    });

  async function must<T>(status: number, method: string, path: string, json?: unknown): Promise<T> {
    const answer = await me.call<T>(method, path, json === undefined ? {} : { json });
    expect({ path, status: answer.status, body: answer.body }).toMatchObject({ status });
    return answer.body;
  }

  /** One session whose nodes are remembered. */
  class Conversation {
    readonly nodes: Node[] = [];

    constructor(readonly id: string) {}

    get path(): string {
      return `/chat/sessions/${this.id}`;
    }

    at(target: number, state: Node['state']): Node | undefined {
      const some = this.nodes.filter((node) => node.state === state);
      return some[target % Math.max(1, some.length)];
    }

    messagePath({ id }: Node): string {
      return `${this.path}/messages/${id}`;
    }

    async send(parent?: Node | null): Promise<void> {
      const content = `m${this.nodes.length}`;
      const below = parent === undefined ? {} : { parent_id: parent?.id ?? null };
      const sent = await must<Message>(201, 'POST', `${this.path}/messages`, { content, ...below });
      this.nodes.push({ id: sent._id, parent: sent.parent_id, state: 'live' });
    }

    async remove(node: Node): Promise<void> {
      await must(204, 'DELETE', this.messagePath(node));
      node.state = 'trash';
    }

    async restore(node: Node): Promise<void> {
      await must(200, 'POST', `${this.messagePath(node)}/restore`);
      node.state = 'live';
    }

    async perform({ kind, target }: Step): Promise<void> {
      const live = this.at(target, 'live');
      const trashed = this.at(target, 'trash');
      switch (kind) {
        case 'send':
          return this.send();
        case 'fork':
          return this.send(target % 7 === 0 ? null : live);
        case 'delete':
          return live && this.remove(live);
        case 'prune': {
          const shown = await me.messages(this.id);
          const last = shown.at(-1 - (target % 3));
          const node = this.nodes.find(({ id }) => id === last?._id);
          return node && this.remove(node);
        }
        case 'restore':
          return trashed && this.restore(trashed);
        case 'show':
          return live && must(200, 'PUT', this.path, { active_message_id: live.id });
        case 'edit':
          return live && must(200, 'PATCH', this.messagePath(live), { content: `e${target}` });
        case 'revert': {
          if (live === undefined) return;
          const path = `${this.messagePath(live)}/revisions`;
          const [first] = await must<{ revision: number }[]>(200, 'GET', path);
          return first && must(200, 'POST', `${path}/${first.revision}/restore`);
        }
        case 'react':
        case 'unreact': {
          if (live === undefined) return;
          const emoji = encodeURIComponent(EMOJI[target % EMOJI.length] ?? '');
          const method = kind === 'react' ? 'PUT' : 'DELETE';
          return must(200, method, `${this.messagePath(live)}/reactions/${emoji}`);
        }
        case 'bin':
          await must(204, 'DELETE', this.path);
          return must(200, 'POST', `${this.path}/restore`);
        default:
          await must(204, 'DELETE', '/chat/trash');
          for (const node of this.nodes) if (node.state === 'trash') node.state = 'gone';
      }
    }
  }

  async function begin(first: readonly Step[]): Promise<Conversation> {
    const talk = new Conversation((await me.createSession())._id);
    for (const step of first) await talk.perform(step);
    return talk;
  }

  /** Everything that the API says of it. */
  async function told(talk: Conversation): Promise<unknown> {
    const revisions: unknown[] = [];
    for (const node of talk.nodes.filter(({ state }) => state === 'live')) {
      revisions.push(await must(200, 'GET', `${talk.messagePath(node)}/revisions`));
    }
    const all = await me.messages(talk.id, '?branch=all');
    const leaves: unknown[] = [];
    for (const { _id } of all) leaves.push(await me.messages(talk.id, `?leaf=${_id}`));
    const sessions = await must<ChatSession[]>(200, 'GET', '/chat/sessions');
    return {
      session: await me.getSession(talk.id),
      place: sessions.findIndex(({ _id }) => _id === talk.id),
      listed: sessions.find(({ _id }) => _id === talk.id),
      active: await me.messages(talk.id),
      newestFirst: await me.messages(talk.id, '?order=desc'),
      trash: await me.messages(talk.id, '?deleted=true'),
      all,
      leaves,
      revisions,
    };
  }

  const GROW = [
    'send',
    'send',
    'fork',
    'fork',
    'fork',
    'delete',
    'prune',
    'restore',
    'show',
    'edit',
  ];

  it('is as it was once all that was deleted is back, in whatever order', async () => {
    await assert(
      asyncProperty(
        steps(GROW, 25),
        steps(['delete', 'prune', 'prune', 'prune', 'restore', 'bin'], 15),
        array(nat(), { minLength: 30, maxLength: 30 }),
        async (first, then, order) => {
          const talk = await begin(first);
          const trashedBefore = new Set(talk.nodes.filter(({ state }) => state === 'trash'));
          const before = await told(talk);
          // Only what this part deleted is restored by it.
          const mine = new Conversation(talk.id);
          mine.nodes.push(...talk.nodes.filter((node) => !trashedBefore.has(node)));
          for (const step of then) await mine.perform(step);
          for (let i = 0; ; i += 1) {
            const node = mine.at(order[i % order.length] ?? 0, 'trash');
            if (node === undefined) break;
            await mine.restore(node);
          }
          expect(await told(talk)).toEqual(before);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('agrees with a plain recount, after edits, reactions and removals for good too', async () => {
    await assert(
      asyncProperty(
        steps([...GROW, 'revert', 'react', 'react', 'unreact', 'bin', 'prune', 'empty'], 40),
        async (all) => {
          const talk = await begin(all);
          await check(talk);
        },
      ),
      { numRuns: 25 },
    );
  });

  async function check(talk: Conversation): Promise<void> {
    await server.app.get(LeftoversSweeper).idle();
    const stored = await withDatabase(server.databaseUri, async (connection) => {
      const rows = await connection.collection('messages').find().toArray();
      return rows.filter((row) => String(row.session_id) === talk.id);
    });
    const inState = (state: Node['state']) =>
      talk.nodes.filter((node) => node.state === state).map(({ id }) => id);
    const live = inState('live');
    const ids = (rows: readonly { _id: unknown }[]) => rows.map(({ _id }) => String(_id)).sort();
    expect(ids(stored)).toEqual([...live, ...inState('trash')].sort());
    const session = await me.getSession(talk.id);
    expect(session.message_count).toBe(live.length);

    const list = await me.messages(talk.id, '?branch=all');
    expect(list.map(({ _id }) => _id)).toEqual(live);
    expectVersions(talk, list);
    for (const { _id } of list) {
      const leaf = await me.messages(talk.id, `?leaf=${_id}`);
      expect(leaf.map((one) => one._id)).toEqual(walk(talk, _id));
    }
    const active = await me.messages(talk.id);
    const end = active.at(-1)?._id ?? null;
    expect(session.active_message_id).toBe(end);
    expect(active.map(({ _id }) => _id)).toEqual(walk(talk, end));
    expect(active.length > 0).toBe(live.length > 0);
    const beyond = live.filter((id) => id !== end && end !== null && walk(talk, id).includes(end));
    expect(beyond).toEqual([]);

    const trash = await must<TrashEntry[]>(200, 'GET', '/chat/trash');
    const theirs = trash.flatMap((entry) => (entry.type === 'message' ? [entry.message] : []));
    const mine = theirs.filter(({ session_id }) => session_id === talk.id);
    expect(ids(mine)).toEqual(inState('trash').sort());
    // Nothing hangs on what is gone.
    const hanging = await withDatabase(server.databaseUri, (connection) =>
      connection.collection('message_revisions').find().toArray(),
    );
    const gone = new Set(inState('gone'));
    expect(hanging.filter(({ message_id }) => gone.has(String(message_id)))).toEqual([]);
  }
});

/** The live messages from the root to this one, through whatever is in the trash or gone. */
function walk({ nodes }: { nodes: Node[] }, leaf: string | null): string[] {
  const node = nodes.find(({ id }) => id === leaf);
  if (node === undefined) return [];
  return [...walk({ nodes }, node.parent), ...(node.state === 'live' ? [node.id] : [])];
}

function expectVersions({ nodes }: { nodes: Node[] }, listed: readonly ListedMessage[]): void {
  for (const { parent_id, siblings } of listed) {
    const versions = nodes.filter(({ parent, state }) => parent === parent_id && state === 'live');
    expect(siblings).toEqual(versions.map(({ id }) => id));
  }
}
