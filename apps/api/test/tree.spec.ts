import type { ChatSession, ListedMessage, Message } from '@chat/shared-types';
import {
  expectInvalid,
  expectProblem,
  nextPage,
  type Answer,
  type ApiClient,
} from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const ABSENT = '0123456789abcdef01234567';
const NO_IDS = ['x', '', ABSENT.slice(1), `${ABSENT}0`, `0x${ABSENT.slice(2)}`];

describe('branches', () => {
  let server: TestApp;
  let me: ApiClient;
  let stranger: ApiClient;
  let session: ChatSession;
  let path: string;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    stranger = await server.newUser();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    session = await me.createSession();
    path = `/chat/sessions/${session._id}`;
  });

  const trySendBelow = (
    parent_id: unknown,
    content = 'x',
    who = me,
    headers: Record<string, string> = {},
  ): Promise<Answer<Message>> =>
    who.call('POST', `${path}/messages`, { json: { content, parent_id }, headers });
  async function sendBelow(parent: Message | null, content: string): Promise<Message> {
    const answer = await trySendBelow(parent?._id ?? null, content);
    expect(answer.status).toBe(201);
    return answer.body;
  }
  const send = (content: string) => me.send(session._id, content);
  const show = (id: string) =>
    me.call<ChatSession>('PUT', path, { json: { active_message_id: id } });
  const remove = async ({ _id }: Message) =>
    expect((await me.call('DELETE', `${path}/messages/${_id}`)).status).toBe(204);
  const restore = async ({ _id }: Message) =>
    expect((await me.call('POST', `${path}/messages/${_id}/restore`)).status).toBe(200);
  const shown = async (query = '') =>
    (await me.messages(session._id, query)).map(({ content }) => content).join(' ');

  describe('sending', () => {
    it('makes each message the child of the one before', async () => {
      const [a, b, c] = [await send('a'), await send('b'), await send('c')];
      expect([a, b, c].map(({ parent_id }) => parent_id)).toEqual([null, a._id, b._id]);
      expect((await me.getSession(session._id)).active_message_id).toBe(c._id);
    });

    it('goes on from the end of the branch when that is named as the parent', async () => {
      const a = await send('a');
      const b = await sendBelow(a, 'b');
      expect(b.parent_id).toBe(a._id);
      expect(await shown()).toBe('a b');
      const [row] = await me.messages(session._id);
      expect(row?.siblings).toEqual([a._id]);
    });

    it('branches off where the parent has a child, and shows the new branch', async () => {
      const [a, b] = [await send('a'), await send('b'), await send('c')];
      const d = await sendBelow(a, 'd');
      await send('e');
      expect(await shown()).toBe('a d e');
      expect(await shown('?branch=all')).toBe('a b c d e');
      const [, row] = await me.messages(session._id);
      expect(row?.siblings).toEqual([b._id, d._id]);
      expect((await me.getSession(session._id)).message_count).toBe(5);
    });

    it('takes null for the root: another first message', async () => {
      const a = await sendBelow(null, 'a');
      await send('b');
      const c = await sendBelow(null, 'c');
      expect(c.parent_id).toBeNull();
      expect(await shown()).toBe('c');
      expect((await me.messages(session._id))[0]?.siblings).toEqual([a._id, c._id]);
    });

    it('continues another branch that ends with the parent, without a further fork', async () => {
      const [a, b] = [await send('a'), await send('b')];
      const c = await sendBelow(a, 'c');
      await sendBelow(b, 'd');
      expect(await shown()).toBe('a b d');
      await sendBelow(c, 'e');
      expect(await shown()).toBe('a c e');
    });

    it('stores nothing below a parent that is absent, deleted, foreign or elsewhere', async () => {
      const gone = await send('gone');
      await send('kept');
      await remove(gone);
      const other = await me.createSession();
      const elsewhere = await me.send(other._id, 'elsewhere');
      const theirs = await stranger.createSession();
      const foreign = await stranger.send(theirs._id, 'foreign');
      const bodies = new Set<string>();
      for (const id of [ABSENT, gone._id, elsewhere._id, foreign._id]) {
        bodies.add(JSON.stringify(expectProblem(await trySendBelow(id), 404, 'not-found')));
      }
      expect(bodies.size).toBe(1);
      expectProblem(await trySendBelow(null, 'x', stranger), 404, 'not-found');
      for (const id of [...NO_IDS, 5, {}, [gone._id], { $ne: null }]) {
        expectInvalid(await trySendBelow(id), '/parent_id');
      }
      expect(await shown('?branch=all')).toBe('kept');
      expect((await me.getSession(session._id)).message_count).toBe(1);
    });

    it('answers a retry with the same key and parent, and refuses another parent', async () => {
      const [a, b] = [await send('a'), await send('b')];
      const key = { 'idempotency-key': 'fork' };
      const first = await trySendBelow(a._id, 'c', me, key);
      const retry = await trySendBelow(a._id, 'c', me, key);
      expect([first.status, retry.status]).toEqual([201, 201]);
      expect(retry.body).toEqual(first.body);
      const other = await trySendBelow(b._id, 'c', me, key);
      expectProblem(other, 422, 'idempotency-key-reused');
      expect(await shown('?branch=all')).toBe('a b c');
    });

    it('gives each of many children sent at once through two servers its own branch', async () => {
      const second = await startTestApp({ databaseUri: server.databaseUri });
      try {
        const elsewhere = await second.anonymous.signIn(me.username ?? '');
        const root = await send('root');
        const children = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            trySendBelow(root._id, `c${i}`, i % 2 === 0 ? me : elsewhere),
          ),
        );
        expect(children.map(({ status }) => status)).toEqual(children.map(() => 201));
        const rows = await me.messages(session._id, '?branch=all');
        const ids = rows.slice(1).map(({ _id }) => _id);
        for (const { body } of children) {
          const leaf = await me.messages(session._id, `?leaf=${body._id}`);
          expect(leaf.map(({ content }) => content)).toEqual(['root', body.content]);
          expect(leaf[1]?.siblings).toEqual(ids);
        }
        expect((await me.getSession(session._id)).message_count).toBe(11);
      } finally {
        await second.stop();
      }
    });
  });

  describe('choosing what is shown', () => {
    it('goes on to the newest message below the chosen one', async () => {
      const [a, b] = [await send('a'), await send('b'), await send('c')];
      await sendBelow(b, 'd');
      await sendBelow(a, 'e');
      const answer = await show(b._id);
      expect(answer.status).toBe(200);
      expect(await shown()).toBe('a b d');
      const active = (await me.messages(session._id)).at(-1)?._id;
      expect(answer.body.active_message_id).toBe(active);
      await send('f');
      expect(await shown()).toBe('a b d f');
    });

    it('sets model, system prompt and title along with it, or nothing at all', async () => {
      const [a, b] = [await send('a'), await send('b')];
      await sendBelow(a, 'c');
      const all = {
        title: 'T',
        model: 'builtin/guide',
        system_prompt: ' Be brief. ',
        active_message_id: b._id,
      };
      const answer = await me.call<ChatSession>('PUT', path, { json: all });
      expect([answer.status, answer.body]).toEqual([200, expect.objectContaining(all)]);
      const refused = { title: 'U', active_message_id: ABSENT };
      expectProblem(await me.call('PUT', path, { json: refused }), 404, 'not-found');
      expect(await me.getSession(session._id)).toEqual(answer.body);
      const cleared = await me.call('PUT', path, { json: { model: null, system_prompt: ' \n' } });
      expect(cleared.body).toMatchObject({ title: 'T', model: null, system_prompt: null });
    });

    it('refuses what is no message of this session, no model, no prompt', async () => {
      const gone = await send('gone');
      await remove(gone);
      const other = await me.createSession();
      const elsewhere = await me.send(other._id, 'elsewhere');
      for (const id of [ABSENT, gone._id, elsewhere._id]) {
        expectProblem(await show(id), 404, 'not-found');
      }
      const refused: [string, unknown[]][] = [
        ['active_message_id', [...NO_IDS, null, 5, { $ne: null }]],
        [
          'model',
          ['nobody/nothing', '', 'x', 'm'.repeat(201), 5, { $ne: null }, ['builtin/guide']],
        ],
        ['system_prompt', ['p'.repeat(20_001), ' '.repeat(20_001), 5, {}, 'half \ud83d of it']],
      ];
      for (const [name, values] of refused) {
        for (const value of values) {
          const answer = await me.call('PUT', path, { json: { title: 'no', [name]: value } });
          expectInvalid(answer, `/${name}`);
        }
      }
      const { title, model, system_prompt } = await me.getSession(session._id);
      expect([title, model, system_prompt]).toEqual(['New Chat', null, null]);
      const prompt = 'p'.repeat(20_000);
      const answer = await me.call('PUT', path, { json: { system_prompt: prompt } });
      expect(answer.body).toMatchObject({ system_prompt: prompt });
    });
  });

  describe('deleting and restoring', () => {
    it('shows the nearest version when the last message goes, and the last again at its return', async () => {
      const [a] = [await send('a'), await send('b')];
      const c = await sendBelow(a, 'c');
      const d = await sendBelow(a, 'd');
      await remove(d);
      expect(await shown()).toBe('a c');
      await remove(c);
      expect(await shown()).toBe('a b');
      await restore(d);
      expect(await shown()).toBe('a d');
      await restore(c);
      expect(await shown()).toBe('a d');
    });

    it('leaves what was chosen meanwhile at the return of what was shown before', async () => {
      const [a, b] = [await send('a'), await send('b')];
      const c = await sendBelow(a, 'c');
      await remove(c);
      expect(await shown()).toBe('a b');
      expect((await show(b._id)).status).toBe(200);
      await restore(c);
      expect(await shown()).toBe('a b');
      await show(c._id);
      await remove(c);
      await send('d');
      await restore(c);
      expect(await shown()).toBe('a b d');
    });

    it('falls back to the last live message, and comes back with what is restored', async () => {
      const [a, b, c] = [await send('a'), await send('b'), await send('c')];
      await remove(c);
      await remove(b);
      expect((await me.getSession(session._id)).active_message_id).toBe(a._id);
      await restore(c);
      expect(await shown()).toBe('a c');
      await restore(b);
      expect(await shown()).toBe('a b c');
      for (const one of [a, b, c]) await remove(one);
      expect((await me.getSession(session._id)).active_message_id).toBeNull();
      await restore(b);
      expect((await me.getSession(session._id)).active_message_id).toBe(b._id);
    });

    it('takes a message out of the middle of every branch through it', async () => {
      const [a, b] = [await send('a'), await send('b'), await send('c')];
      await sendBelow(b, 'd');
      await remove(b);
      expect(await shown()).toBe('a d');
      expect(await shown(`?leaf=${a._id}`)).toBe('a');
      await restore(b);
      expect(await shown()).toBe('a b d');
    });

    it('goes on to what is still live below, where all of the branch shown is gone', async () => {
      const a = await send('a');
      const b = await send('b');
      await sendBelow(a, 'c');
      const d = await send('d');
      await show(b._id);
      const e = await send('e');
      await remove(b);
      await remove(e);
      expect(await shown()).toBe('a c d');
      await remove(a);
      expect(await shown()).toBe('c d');
      expect((await me.getSession(session._id)).active_message_id).toBe(d._id);
    });

    it('lists the trash with the versions that are left', async () => {
      const [a, b] = [await send('a'), await send('b')];
      const c = await sendBelow(a, 'c');
      await remove(b);
      const [row] = await me.messages(session._id, '?deleted=true');
      expect(row).toMatchObject({ _id: b._id, siblings: [b._id, c._id] });
    });
  });

  describe('listing', () => {
    let rows: Message[];
    beforeEach(async () => {
      rows = [];
      for (const content of ['a', 'b', 'c', 'd']) rows.push(await send(content));
      rows.push(await sendBelow(rows[1]!, 'e'), await send('f'), await send('g'));
    });

    const first = (query: string) =>
      me.call<ListedMessage[]>('GET', `${path}/messages?limit=2${query}`);
    const cursorOf = (answer: Answer) =>
      new URLSearchParams(nextPage(answer)?.split('?')[1]).get('cursor') ?? '';

    it('keeps a cursor of the branch shown good while the branch grows', async () => {
      const page = await first('');
      await send('h');
      const rest = await me.messages(session._id, `?cursor=${cursorOf(page)}`);
      expect(rest.map(({ content }) => content).join('')).toBe('efgh');
    });

    it('rejects a cursor of another view, of another leaf and of a branch no longer shown', async () => {
      const [, , , d, e] = rows;
      const active = cursorOf(await first(''));
      const leaf = cursorOf(await first(`&leaf=${d!._id}`));
      const all = cursorOf(await first('&branch=all'));
      for (const query of [
        `branch=all&cursor=${active}`,
        `leaf=${d!._id}&cursor=${active}`,
        `leaf=${e!._id}&cursor=${leaf}`,
        `cursor=${leaf}`,
        `cursor=${all}`,
        `order=desc&cursor=${active}`,
        `deleted=true&cursor=${all}`,
      ]) {
        expectInvalid(await me.call('GET', `${path}/messages?${query}`), '?cursor');
      }
      await show(d!._id);
      const stale = await me.call('GET', `${path}/messages?cursor=${active}`);
      expectInvalid(stale, '?cursor');
    });

    it('refuses views that are none or exclude each other', async () => {
      const id = rows[0]!._id;
      for (const branch of ['', 'some', '1']) {
        expectInvalid(await me.call('GET', `${path}/messages?branch=${branch}`), '?branch');
      }
      for (const leaf of [...NO_IDS, `${id}&leaf=${id}`]) {
        expectInvalid(await me.call('GET', `${path}/messages?leaf=${leaf}`), '?leaf');
      }
      const list = `${path}/messages?leaf=${id}`;
      expectInvalid(await me.call('GET', `${list}&branch=all`), '?leaf');
      expectInvalid(await me.call('GET', `${list}&deleted=true`), '?leaf');
      const trash = `${path}/messages?deleted=true&branch=all`;
      expectInvalid(await me.call('GET', trash), '?branch');
    });

    it('finds no leaf that is absent, deleted, foreign or of another session', async () => {
      const other = await me.createSession();
      const elsewhere = await me.send(other._id, 'elsewhere');
      await remove(rows[6]!);
      for (const id of [ABSENT, rows[6]!._id, elsewhere._id]) {
        const answer = await me.call('GET', `${path}/messages?leaf=${id}`);
        expectProblem(answer, 404, 'not-found');
      }
      const leaf = `${path}/messages?leaf=${rows[0]!._id}`;
      expectProblem(await stranger.call('GET', leaf), 404, 'not-found');
      expectProblem(await server.anonymous.call('GET', leaf), 401, 'authentication-required');
    });
  });
});
