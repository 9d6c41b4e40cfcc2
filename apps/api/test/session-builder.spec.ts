import type { ChatSession, ListedMessage, Message } from '@chat/shared-types';
import { array, assert, asyncProperty, boolean, nat, option, record } from 'fast-check';
import { Types } from 'mongoose';
import { LeftoversSweeper } from '../src/leftovers/leftovers.sweeper.js';
import { BrokenDraft, type DraftMessage } from '../src/messages/session-draft.js';
import { SessionBuilder } from '../src/messages/session-builder.js';
import type { ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { startTestApp, type TestApp } from './support/test-app.js';

jest.setTimeout(180_000);

const DRAFT = { title: 'built', created_at: new Date('2024-01-01T00:00:00Z') };

describe('a session that is built at once', () => {
  let server: TestApp;
  let me: ApiClient;
  let userId: Types.ObjectId;
  let builder: SessionBuilder;

  beforeAll(async () => {
    server = await startTestApp();
    builder = server.app.get(SessionBuilder);
  });
  beforeEach(async () => {
    me = await server.newUser();
    userId = new Types.ObjectId((await me.createSession('the first')).user_id);
  });
  afterAll(() => server.stop());

  /** What of a session and its messages does not depend on ids and clocks. */
  async function pictureOf(session: ChatSession, contents: ReadonlyMap<string, string>) {
    const name = (id: string | null): string | null =>
      id === null ? null : (contents.get(id) ?? `unknown ${id}`);
    const row = ({ _id, parent_id, content, role, siblings }: ListedMessage) => [
      name(_id),
      name(parent_id),
      content,
      role,
      siblings.map(name),
    ];
    const lists = new Map<string, unknown>();
    const all = await me.messages(session._id, '?branch=all');
    lists.set('all', all.map(row));
    lists.set('active', (await me.messages(session._id)).map(row));
    lists.set('deleted', (await me.messages(session._id, '?deleted=true')).map(row));
    for (const { _id } of all) {
      lists.set(`to ${name(_id) ?? ''}`, (await me.messages(session._id, `?leaf=${_id}`)).map(row));
    }
    const { message_count, active_message_id } = session;
    return { message_count, active: name(active_message_id), lists: Object.fromEntries(lists) };
  }

  /** Sends a tree through the API, node by node, then deletes, then shows a branch. */
  async function send(nodes: readonly Node[], shown: number | null) {
    const { _id } = await me.createSession('sent');
    const path = `/chat/sessions/${_id}`;
    const ids: string[] = [];
    for (const [i, { parent, role }] of nodes.entries()) {
      const json = { content: `m${i}`, role, parent_id: parentOf(i, parent, ids) };
      const answer = await me.call<Message>('POST', `${path}/messages`, { json });
      expect(answer.status).toBe(201);
      ids.push(answer.body._id);
    }
    for (const [i, { isDeleted }] of nodes.entries()) {
      if (isDeleted) await me.call('DELETE', `${path}/messages/${ids[i] ?? ''}`);
    }
    const active_message_id = shown === null ? undefined : ids[shown % ids.length];
    if (active_message_id !== undefined) {
      await me.call('PUT', path, { json: { active_message_id } });
    }
    return { session: await me.getSession(_id), ids };
  }

  interface Node {
    readonly parent: number;
    readonly role: 'user' | 'assistant';
    readonly isDeleted: boolean;
  }

  /** Any earlier one, or the root. */
  function parentOf(i: number, parent: number, ids: readonly string[]): string | null {
    return ids[(parent % (i + 1)) - 1] ?? null;
  }

  const node = record({
    parent: nat({ max: 1_000 }),
    role: boolean().map((user): Node['role'] => (user ? 'user' : 'assistant')),
    isDeleted: nat({ max: 3 }).map((n) => n === 0),
  });

  it('is the same as one whose messages were sent one after the other', async () => {
    await assert(
      asyncProperty(
        array(node, { minLength: 1, maxLength: 25, size: 'max' }),
        option(nat({ max: 100 })),
        async (nodes, shown) => {
          const sent = await send(nodes, shown);
          const names = nodes.map((_node, i) => `n${i}`);
          const rows = nodes.map(({ parent, role, isDeleted }, i): DraftMessage => ({
            id: `n${i}`,
            parentId: parentOf(i, parent, names),
            content: `m${i}`,
            role,
            created_at: new Date(1_700_000_000_000 + i),
            deleted_at: isDeleted ? new Date() : null,
          }));
          const activeId = names[sent.ids.indexOf(sent.session.active_message_id ?? '')] ?? null;
          const built = await builder.build(userId, { ...DRAFT, activeId }, rows);

          const session = await me.getSession(built.session._id.toHexString());
          const builtNames = names.map((id): [string, string] => [
            built.idOf(id)?.toHexString() ?? '',
            id,
          ]);
          const sentNames = sent.ids.map((id, i): [string, string] => [id, `n${i}`]);
          expect(await pictureOf(session, new Map(builtNames))).toEqual(
            await pictureOf(sent.session, new Map(sentNames)),
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  it('goes on where the branch that it shows ends, with a later time', async () => {
    const future = Date.now() + 3_600_000;
    const { session, idOf } = await builder.build(userId, { ...DRAFT, activeId: 'b' }, [
      { id: 'a', parentId: null, role: 'user', content: 'a', created_at: new Date(1_000) },
      { id: 'b', parentId: 'a', role: 'user', content: 'b', created_at: new Date(2_000) },
      { id: 'c', parentId: 'a', role: 'user', content: 'c', created_at: new Date(future) },
    ]);
    const next = await me.send(session._id.toHexString(), 'next');
    expect(next.parent_id).toBe(idOf('b')?.toHexString());
    expect(Date.parse(next.created_at)).toBeGreaterThan(future);
  });

  it('keeps times that are in order and moves those that are not by a millisecond', async () => {
    const at = new Date('2024-05-05T10:00:00.000Z');
    const { session } = await builder.build(userId, DRAFT, [
      { id: '1', parentId: null, role: 'user', content: 'one', created_at: at },
      { id: '2', parentId: '1', role: 'assistant', content: 'two', created_at: at },
      { id: '3', parentId: '2', role: 'user', content: 'three', created_at: new Date(0) },
      { id: '2b', parentId: '1', role: 'assistant', content: 'two, again', created_at: at },
    ]);
    const id = session._id.toHexString();
    const all = await me.messages(id, '?branch=all');
    expect(all.map(({ content, created_at }) => [content, created_at])).toEqual([
      ['one', '2024-05-05T10:00:00.000Z'],
      ['two', '2024-05-05T10:00:00.001Z'],
      ['two, again', '2024-05-05T10:00:00.001Z'],
      ['three', '2024-05-05T10:00:00.002Z'],
    ]);
    const { last_message_at, created_at } = await me.getSession(id);
    expect([created_at, last_message_at]).toEqual([
      '2024-01-01T00:00:00.000Z',
      '2024-05-05T10:00:00.002Z',
    ]);
  });

  it('keeps replies, reactions, revisions and what else a message has', async () => {
    const created_at = new Date('2024-05-05T10:00:00.000Z');
    const edited_at = new Date('2024-05-06T10:00:00.000Z');
    const { session, idOf } = await builder.build(
      userId,
      { ...DRAFT, pinned: true, archived: true, unread: true, tags: ['Work'] },
      [
        {
          id: 'q',
          parentId: null,
          role: 'user',
          content: 'question',
          created_at,
          edited_at,
          revisions: [{ revision: 1, content: 'qestion', createdAt: created_at }],
        },
        {
          id: 'r',
          parentId: 'q',
          role: 'assistant',
          content: 'answer',
          created_at,
          status: 'streaming',
          model: 'some/model',
          reasoning: 'because',
          usage: { input_tokens: 1, output_tokens: 2 },
          finish_reason: 'length',
          reactions: ['👍', '🎉'],
        },
      ],
    );
    const id = session._id.toHexString();
    const [question, answer] = await me.messages(id);
    expect(question).toMatchObject({ content: 'question', edited_at: edited_at.toISOString() });
    expect(answer).toMatchObject({
      // Nobody writes it.
      status: 'interrupted',
      model: 'some/model',
      reasoning: 'because',
      usage: { input_tokens: 1, output_tokens: 2 },
      finish_reason: 'length',
      reactions: [
        { emoji: '👍', count: 1, mine: true },
        { emoji: '🎉', count: 1, mine: true },
      ],
    });
    const path = `/chat/sessions/${id}/messages/${idOf('q')?.toHexString() ?? ''}/revisions`;
    expect((await me.call('GET', path)).body).toEqual([
      { revision: 1, content: 'qestion', created_at: created_at.toISOString() },
    ]);
    expect(await me.getSession(id)).toMatchObject({
      pinned: true,
      archived: true,
      unread: true,
      tags: ['Work'],
      folder_id: null,
    });
    const tagged = await me.call<ChatSession[]>('GET', '/chat/sessions?tag=work');
    expect(tagged.body.map(({ _id }) => _id)).toEqual([id]);
  });

  it('is in the trash from the beginning where it was there, and comes back whole', async () => {
    const deleted_at = new Date();
    const { session } = await builder.build(userId, { ...DRAFT, deleted_at }, [
      { id: '1', parentId: null, role: 'user', content: 'one', created_at: new Date(1_000) },
    ]);
    const id = session._id.toHexString();
    expect((await me.call('GET', `/chat/sessions/${id}`)).status).toBe(404);
    const { rows } = await me.everyPage<ChatSession>('/chat/sessions?deleted=true');
    expect(rows.map(({ _id }) => _id)).toEqual([id]);
    expect((await me.call('POST', `/chat/sessions/${id}/restore`)).status).toBe(200);
    expect((await me.messages(id)).map(({ content }) => content)).toEqual(['one']);
  });

  it('is not seen before it is complete, and leaves nothing where it never is', async () => {
    const count = 1_200;
    let seen: unknown;
    async function* messages(): AsyncIterable<DraftMessage> {
      for (let i = 0; i < count; i += 1) {
        const parentId = i === 0 ? null : `m${i - 1}`;
        const created_at = new Date(1_000 + i);
        yield { id: `m${i}`, parentId, role: 'user', content: `m${i}`, created_at };
      }
      seen = (await me.everyPage('/chat/sessions')).rows.length;
      throw new Error('The source broke off.');
    }
    const stored = () =>
      withDatabase(server.databaseUri, async (connection) => [
        await connection.collection('messages').countDocuments({ user_id: userId }),
        await connection.collection('session_leftovers').countDocuments({ user_id: userId }),
      ]);
    await expect(builder.build(userId, DRAFT, messages())).rejects.toThrow('broke off');
    expect(seen).toBe(1);
    expect(await stored()).toEqual([1_000, 1]);
    await server.app.get(LeftoversSweeper).sweepNow(userId);
    expect((await stored())[1]).toBe(0);
  });

  it('is refused where its messages are no tree', async () => {
    const at = { role: 'user', content: 'x', created_at: new Date(1_000) } as const;
    const twice = [
      { ...at, id: 'a', parentId: null },
      { ...at, id: 'a', parentId: null },
    ];
    const orphan = [{ ...at, id: 'b', parentId: 'never' }];
    const itself = [{ ...at, id: 'c', parentId: 'c' }];
    for (const rows of [twice, orphan, itself]) {
      await expect(builder.build(userId, DRAFT, rows)).rejects.toThrow(BrokenDraft);
    }
    expect((await me.everyPage('/chat/sessions')).rows).toHaveLength(1);
  });

  it('may be in a folder of its user, and in no other', async () => {
    const draft = { ...DRAFT, folder_id: new Types.ObjectId() };
    await expect(builder.build(userId, draft, [])).rejects.toMatchObject({ code: 'not-found' });
    expect((await me.everyPage('/chat/sessions')).rows).toHaveLength(1);
  });
});
