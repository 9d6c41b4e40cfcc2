import type { ChatSession, Folder, ListedMessage, Message } from '@chat/shared-types';
import { Types } from 'mongoose';
import type { ScriptedProvider } from '@chat/scripted-provider';
import { SessionBuilder } from '../src/messages/session-builder.js';
import { expectInvalid, expectProblem, type ApiClient } from './support/api-client.js';
import { ask } from './support/replies.js';
import { Puppet, startScriptedApp } from './support/scripted-app.js';
import type { TestApp } from './support/test-app.js';

const ABSENT = '0123456789abcdef01234567';

describe('POST /chat/sessions/{id}/duplicate', () => {
  let server: TestApp;
  let provider: ScriptedProvider;
  let me: ApiClient;
  let stranger: ApiClient;

  beforeAll(async () => {
    ({ server, provider } = await startScriptedApp());
    stranger = await server.newUser();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    me = await server.newUser();
  });

  const tryDuplicate = (id: string, json?: unknown, client = me) =>
    client.call<ChatSession>('POST', `/chat/sessions/${id}/duplicate`, {
      ...(json === undefined ? {} : { json }),
    });
  const duplicate = async (id: string, json?: object): Promise<ChatSession> => {
    const answer = await tryDuplicate(id, json);
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 201 });
    return answer.body;
  };
  const send = async (id: string, content: string, parent_id?: string | null) => {
    const answer = await me.call<Message>('POST', `/chat/sessions/${id}/messages`, {
      json: { content, ...(parent_id === undefined ? {} : { parent_id }) },
    });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  /** Messages with contents in the place of ids, which are all unlike. */
  const withoutIds = (messages: readonly ListedMessage[], all = messages) => {
    const contents = new Map(all.map(({ _id, content }) => [_id, content]));
    const name = (id: string | null) => (id === null ? null : contents.get(id));
    return messages.map(({ _id, session_id, parent_id, siblings, ...rest }) => {
      expect(session_id).toMatch(/^[0-9a-f]{24}$/);
      return { ...rest, id: name(_id), parent: name(parent_id), siblings: siblings.map(name) };
    });
  };

  /** a → b → c; beside b: b2 → c2; another beginning. Shown: … c2. */
  async function makeTree(): Promise<{ session: ChatSession; ids: Record<string, string> }> {
    const { _id } = await me.createSession('A tree');
    const a = await send(_id, 'a');
    const b = await send(_id, 'b');
    const c = await send(_id, 'c');
    const b2 = await send(_id, 'b2', a._id);
    const c2 = await send(_id, 'c2');
    const other = await send(_id, 'another beginning', null);
    const path = `/chat/sessions/${_id}`;
    for (const content of ['b, edited', 'b, edited again']) {
      await me.call('PATCH', `${path}/messages/${b._id}`, { json: { content } });
    }
    await me.call('PUT', path, { json: { active_message_id: c2._id } });
    const ids = { a: a._id, b: b._id, c: c._id, b2: b2._id, c2: c2._id, other: other._id };
    return { session: await me.getSession(_id), ids };
  }

  it('copies the whole tree with versions, revisions and times', async () => {
    const { session, ids } = await makeTree();
    const copy = await duplicate(session._id);
    expect(copy).toEqual({
      ...session,
      _id: expect.not.stringMatching(session._id) as string,
      title: 'A tree (copy)',
      active_message_id: expect.not.stringMatching(session.active_message_id ?? '') as string,
      created_at: expect.any(String) as string,
      updated_at: expect.any(String) as string,
    });
    expect(await me.getSession(copy._id)).toEqual(copy);
    for (const view of ['active', 'all']) {
      const [before, after] = [
        await me.messages(session._id, `?branch=${view}`),
        await me.messages(copy._id, `?branch=${view}`),
      ];
      const everything = [
        await me.messages(session._id, '?branch=all'),
        await me.messages(copy._id, '?branch=all'),
      ];
      expect(withoutIds(after, everything[1])).toEqual(withoutIds(before, everything[0]));
    }
    const copied = await me.messages(copy._id, '?branch=all');
    const edited = copied.find(({ content }) => content === 'b, edited again');
    const revisionsOf = async (id: string, messageId: string) =>
      (await me.call('GET', `/chat/sessions/${id}/messages/${messageId}/revisions`)).body;
    expect(await revisionsOf(copy._id, edited?._id ?? '')).toEqual(
      await revisionsOf(session._id, ids.b ?? ''),
    );
    expect(await revisionsOf(copy._id, edited?._id ?? '')).toHaveLength(2);
  });

  it('is another session: nothing that happens to one happens to the other', async () => {
    const { session, ids } = await makeTree();
    const copy = await duplicate(session._id);
    const before = await me.messages(session._id);
    await me.send(copy._id, 'only there');
    const [first] = await me.messages(copy._id);
    await me.call('DELETE', `/chat/sessions/${copy._id}/messages/${first?._id ?? ''}`);
    expect(await me.messages(session._id)).toEqual(before);
    await me.call('DELETE', `/chat/sessions/${session._id}`);
    expect((await me.messages(copy._id)).map(({ content }) => content)).toEqual([
      'b2',
      'c2',
      'only there',
    ]);
    const foreign = `/chat/sessions/${copy._id}/messages/${ids.a ?? ''}`;
    expectProblem(await me.call('DELETE', foreign), 404, 'not-found');
  });

  it('copies the path to a message as a session of one branch, whichever is shown', async () => {
    const { session, ids } = await makeTree();
    const copy = await duplicate(session._id, { until_message_id: ids.c });
    const all = await me.messages(copy._id, '?branch=all');
    expect(all.map(({ content, siblings }) => [content, siblings.length])).toEqual([
      ['a', 1],
      ['b, edited again', 1],
      ['c', 1],
    ]);
    expect(await me.messages(copy._id)).toEqual(all);
    expect(copy).toMatchObject({ message_count: 3, active_message_id: all.at(-1)?._id });
    const middle = await duplicate(session._id, { until_message_id: ids.b2?.toUpperCase() });
    expect((await me.messages(middle._id)).map(({ content }) => content)).toEqual(['a', 'b2']);
    const next = await me.send(middle._id, 'goes on');
    expect((await me.messages(middle._id)).at(-1)?._id).toBe(next._id);
  });

  it('leaves out what is in the trash, and keeps what follows it', async () => {
    const { session, ids } = await makeTree();
    await me.call('DELETE', `/chat/sessions/${session._id}/messages/${ids.b2 ?? ''}`);
    const copy = await duplicate(session._id);
    expect(copy.message_count).toBe(5);
    expect((await me.messages(copy._id)).map(({ content }) => content)).toEqual(['a', 'c2']);
    expect(await me.messages(copy._id, '?deleted=true')).toEqual([]);
  });

  it('keeps folder, tags, model and system prompt, and is neither pinned, archived nor unread', async () => {
    const folder = await me.call<Folder>('POST', '/chat/folders', { json: { name: 'f' } });
    const { _id } = await me.createSession('x');
    const kept = {
      folder_id: folder.body._id,
      tags: ['One', 'two'],
      model: 'scripted/own',
      system_prompt: 'Be brief.',
    };
    const put = await me.call('PUT', `/chat/sessions/${_id}`, {
      json: { ...kept, pinned: true, archived: true, unread: true },
    });
    expect(put.status).toBe(200);
    const copy = await duplicate(_id);
    expect(copy).toMatchObject({ ...kept, pinned: false, archived: false, unread: false });
    expect((await me.everyPage('/chat/sessions?tag=one')).rows).toHaveLength(2);
    expect(copy).toMatchObject({ message_count: 0, last_message_at: null });
  });

  it('cuts a long title, but no character', async () => {
    const long = await me.createSession('t'.repeat(200));
    expect((await duplicate(long._id)).title).toBe(`${'t'.repeat(193)} (copy)`);
    const emoji = await me.createSession(`${'t'.repeat(192)}🎉🎉🎉`);
    expect((await duplicate(emoji._id)).title).toBe(`${'t'.repeat(192)}🎉 (copy)`);
  });

  it('copies a reply that is being written as far as it has come', async () => {
    const puppet = new Puppet(provider);
    const { _id } = await me.createSession();
    const { path } = await ask(me, _id, 'own');
    await puppet.say('Half of ', 'an answer');
    const arrived = async (): Promise<boolean> =>
      (await me.messages(_id)).at(-1)?.content === 'Half of an answer';
    while (!(await arrived()));
    const copy = await duplicate(_id);
    const [, reply] = await me.messages(copy._id);
    expect(reply).toMatchObject({ content: 'Half of an answer', status: 'interrupted' });
    expect(reply?.error).toMatchObject({ type: '/problems/reply-interrupted' });
    expect((await me.messages(_id)).at(-1)?.status).toBe('streaming');
    await puppet.finish();
    await me.call('POST', `${path}/stop`);

    const again = new Puppet(provider);
    const continued = await me.call<Message>(
      'POST',
      `/chat/sessions/${copy._id}/messages/${reply?._id ?? ''}/continue`,
    );
    expect(continued.status).toBeLessThan(300);
    await again.say(', and the rest');
    await again.finish();
    const ended = async (): Promise<ListedMessage | undefined> =>
      (await me.messages(copy._id)).at(-1);
    while ((await ended())?.status === 'streaming');
    expect(await ended()).toMatchObject({
      content: 'Half of an answer, and the rest',
      status: 'complete',
    });
  });

  it('copies ten thousand messages', async () => {
    const { user_id } = await me.createSession();
    const built = await server.app.get(SessionBuilder).build(
      new Types.ObjectId(user_id),
      { title: 'long', created_at: new Date(0) },
      Array.from({ length: 10_000 }, (_, i) => ({
        id: `${i}`,
        parentId: i === 0 ? null : `${i - 1}`,
        role: i % 2 === 0 ? ('user' as const) : ('assistant' as const),
        content: `message ${i}`,
        created_at: new Date(1_700_000_000_000 + i),
      })),
    );
    const copy = await duplicate(built.session._id.toHexString());
    expect(copy.message_count).toBe(10_000);
    const last = await me.messages(copy._id, '?limit=2&order=desc');
    expect(last.map(({ content }) => content)).toEqual(['message 9999', 'message 9998']);
  });

  it('knows neither sessions nor messages of others, deleted ones, or none', async () => {
    const theirs = await stranger.createSession();
    const foreign = await stranger.send(theirs._id, 'x');
    const { session, ids } = await makeTree();
    const elsewhere = await me.createSession();
    for (const id of [theirs._id, ABSENT]) {
      expectProblem(await tryDuplicate(id), 404, 'not-found');
      expectProblem(await tryDuplicate(id, { until_message_id: ids.a }), 404, 'not-found');
    }
    for (const until_message_id of [foreign._id, ABSENT]) {
      expectProblem(await tryDuplicate(session._id, { until_message_id }), 404, 'not-found');
    }
    const other = await tryDuplicate(elsewhere._id, { until_message_id: ids.a });
    expectProblem(other, 404, 'not-found');
    await me.call('DELETE', `/chat/sessions/${session._id}/messages/${ids.c ?? ''}`);
    const deleted = await tryDuplicate(session._id, { until_message_id: ids.c });
    expectProblem(deleted, 404, 'not-found');
    await me.call('DELETE', `/chat/sessions/${session._id}`);
    expectProblem(await tryDuplicate(session._id), 404, 'not-found');
    expect((await me.everyPage('/chat/sessions')).rows).toHaveLength(1);
  });

  it('refuses what is malformed, and nobody’s requests', async () => {
    const { _id } = await me.createSession();
    for (const until_message_id of ['x', null, 7, [ABSENT], {}]) {
      expectInvalid(await tryDuplicate(_id, { until_message_id }), '/until_message_id');
    }
    expectInvalid(await tryDuplicate(_id, { title: 'x' }), '/title');
    expect((await tryDuplicate('x')).status).toBe(400);
    const answer = await tryDuplicate(_id, {}, server.anonymous);
    expectProblem(answer, 401, 'authentication-required');
    expect((await me.everyPage('/chat/sessions')).rows).toHaveLength(1);
  });
});
