import type { ChatSession, ListedMessage, Message } from '@chat/shared-types';
import { expectInvalid, expectProblem, type Answer, type ApiClient } from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const ABSENT = '0123456789abcdef01234567';

describe('a page around a message', () => {
  let server: TestApp;
  let me: ApiClient;
  let session: ChatSession;
  let path: string;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    session = await me.createSession();
    path = `/chat/sessions/${session._id}/messages`;
  });

  async function sendMany(count: number): Promise<Message[]> {
    const sent: Message[] = [];
    for (let at = 0; at < count; at += 1) sent.push(await me.send(session._id, `${at}`));
    return sent;
  }

  const get = (query: string, who = me): Promise<Answer<ListedMessage[]>> =>
    who.call('GET', query.startsWith('/') ? query : `${path}?${query}`);
  const contents = ({ status, body }: Answer<ListedMessage[]>): string => {
    expect(status).toBe(200);
    return body.map(({ content }) => content).join(' ');
  };

  it('has it in the middle, and leads on in both directions to the whole branch', async () => {
    const sent = await sendMany(20);
    const page = await get(`around=${sent[9]?._id ?? ''}&limit=5`);
    expect(contents(page)).toBe('7 8 9 10 11');
    const { next, prev } = links(page);
    const newer = await get(next ?? '');
    expect(contents(newer)).toBe('12 13 14 15 16');
    expect(contents(await get(links(newer).next ?? ''))).toBe('17 18 19');
    const older = await get(prev ?? '');
    expect(contents(older)).toBe('6 5 4 3 2');
    expect(contents(await get(links(older).next ?? ''))).toBe('1 0');
  });

  it('keeps the order that is asked for, and turns the links with it', async () => {
    const sent = await sendMany(7);
    const page = await get(`around=${sent[3]?._id ?? ''}&limit=3&order=desc`);
    expect(contents(page)).toBe('4 3 2');
    expect(contents(await get(links(page).next ?? ''))).toBe('1 0');
    expect(contents(await get(links(page).prev ?? ''))).toBe('5 6');
  });

  it('has no link where the branch begins or ends, and the rows of the plain list', async () => {
    const sent = await sendMany(5);
    const first = await get(`around=${sent[0]?._id ?? ''}&limit=5`);
    expect(contents(first)).toBe('0 1 2');
    expect(links(first).prev).toBeUndefined();
    expect(links(first).next).toBeDefined();
    const last = await get(`around=${sent[4]?._id ?? ''}&limit=5`);
    expect(contents(last)).toBe('2 3 4');
    expect(links(last).next).toBeUndefined();
    const whole = await get(`around=${sent[2]?._id ?? ''}&limit=11`);
    expect(whole.headers.get('link')).toBeNull();
    expect(whole.body).toEqual(await me.messages(session._id));
  });

  it('goes over the forks of the branch that is shown, and names the versions', async () => {
    const [root, below] = await sendMany(2);
    const other = await me.call<Message>('POST', path, {
      json: { content: 'other', parent_id: root?._id ?? null },
    });
    expect(other.status).toBe(201);
    await me.send(session._id, 'after');
    const page = await get(`around=${other.body._id}&limit=5`);
    expect(contents(page)).toBe('0 other after');
    expect(page.body[1]?.siblings).toEqual([below?._id, other.body._id]);
    expect(contents(await get(`around=${root?._id ?? ''}&limit=5`))).toBe('0 other after');
    // Not on the branch that is shown, until that branch is.
    expectProblem(await get(`around=${below?._id ?? ''}&limit=5`), 404, 'not-found');
    await me.call('PUT', `/chat/sessions/${session._id}`, {
      json: { active_message_id: below?._id ?? '' },
    });
    expect(contents(await get(`around=${below?._id ?? ''}&limit=5`))).toBe('0 1');
    expectProblem(await get(`around=${other.body._id}&limit=5`), 404, 'not-found');
  });

  it('leaves out what is in the trash, and is not there around it', async () => {
    const sent = await sendMany(5);
    await me.call('DELETE', `${path}/${sent[1]?._id ?? ''}`);
    expect(contents(await get(`around=${sent[2]?._id ?? ''}&limit=5`))).toBe('0 2 3 4');
    expectProblem(await get(`around=${sent[1]?._id ?? ''}&limit=5`), 404, 'not-found');
  });

  it('is a 404 for a message of nobody, of another session and of somebody else', async () => {
    const [mine] = await sendMany(1);
    const elsewhere = await me.send((await me.createSession())._id, 'elsewhere');
    const stranger = await server.newUser();
    const query = `around=${mine?._id ?? ''}&limit=5`;
    expectProblem(await get(`around=${ABSENT}&limit=5`), 404, 'not-found');
    expectProblem(await get(`around=${elsewhere._id}&limit=5`), 404, 'not-found');
    expectProblem(await get(query, stranger), 404, 'not-found');
    const nobody = await server.anonymous.call('GET', `${path}?${query}`);
    expectProblem(nobody, 401, 'authentication-required');
  });

  it('is refused with anything that it excludes, and without a size', async () => {
    const [mine] = await sendMany(1);
    const id = mine?._id ?? '';
    for (const other of ['cursor=x', `leaf=${id}`, 'branch=all', 'deleted=true']) {
      expectInvalid(await get(`around=${id}&limit=5&${other}`), '?around');
    }
    expectInvalid(await get(`around=${id}`), '?limit');
    expectInvalid(await get(`around=${id}&limit=2`), '?limit');
    for (const none of ['', 'x', `${id}0`, `${id}&around=${id}`]) {
      expectInvalid(await get(`limit=5&around=${none}`), '?around');
    }
  });
});

/** The addresses of the pages on both sides, by their relation. */
function links(answer: Answer): { next?: string; prev?: string } {
  const all = answer.headers.get('link') ?? '';
  const target = (relation: string): string | undefined =>
    new RegExp(`<([^>]*)>; rel="${relation}"`).exec(all)?.[1];
  return { next: target('next'), prev: target('prev') };
}
