import type { ChatSession, Folder } from '@chat/shared-types';
import { ApiClient } from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

/** What one process has read and keeps must never hide what another one changed. */
describe('lists of two servers on one database', () => {
  let here: TestApp;
  let there: TestApp;

  beforeAll(async () => {
    here = await startTestApp();
    there = await startTestApp({ databaseUri: here.databaseUri });
  });
  afterAll(async () => {
    await there.stop();
    await here.stop();
  });

  it('of messages show every change that the other one made, at once', async () => {
    const reader = await here.newUser();
    const writer = new ApiClient(there.url, reader.token);
    const { _id: session } = await writer.createSession();
    const messages = `/chat/sessions/${session}/messages`;
    const change = async (method: string, path: string, json?: unknown): Promise<void> => {
      expect((await writer.call(method, path, { json })).status).toBeLessThan(300);
    };
    const listed = async (): Promise<string[]> =>
      (await reader.messages(session, '?limit=50')).map(({ content }) => content);

    const first = await writer.send(session, 'first');
    expect(await listed()).toEqual(['first']);
    const second = await writer.send(session, 'second');
    expect(await listed()).toEqual(['first', 'second']);
    await change('PATCH', `${messages}/${first._id}`, { content: 'edited' });
    expect(await listed()).toEqual(['edited', 'second']);
    await change('DELETE', `${messages}/${second._id}`);
    expect(await listed()).toEqual(['edited']);
    await change('POST', `${messages}/${second._id}/restore`);
    expect(await listed()).toEqual(['edited', 'second']);
    await change('POST', messages, { content: 'other', parent_id: first._id });
    expect(await listed()).toEqual(['edited', 'other']);
    await change('PUT', `/chat/sessions/${session}`, { active_message_id: second._id });
    expect(await listed()).toEqual(['edited', 'second']);
    await change('DELETE', `/chat/sessions/${session}`);
    expect((await reader.call('GET', messages)).status).toBe(404);
  });

  it('of sessions show every change that the other one made, at once', async () => {
    const reader = await here.newUser();
    const writer = new ApiClient(there.url, reader.token);
    const [one, other] = [await writer.createSession('one'), await writer.createSession('other')];
    const session = `/chat/sessions/${one._id}`;
    const change = async <T>(method: string, path: string, json?: unknown): Promise<T> => {
      const { status, body } = await writer.call<T>(method, path, { json });
      expect(status).toBeLessThan(300);
      return body;
    };
    const bulk = (action: object): Promise<unknown> =>
      change('POST', '/chat/sessions/bulk', { ids: [one._id], ...action });
    /** What each list of the reader shows is what the writer reads one by one, in this order. */
    const expectListed = async (
      lists: Readonly<Record<string, readonly ChatSession[]>>,
    ): Promise<void> => {
      for (const [query, sessions] of Object.entries(lists)) {
        const rows = await reader.call('GET', `/chat/sessions?limit=25${query}`);
        const expected = sessions.map(({ _id }) => writer.getSession(_id));
        expect(rows.body).toEqual(await Promise.all(expected));
      }
    };

    await expectListed({ '': [other, one], '&view=sidebar': [other, one] });
    await change('PUT', session, { title: 'renamed' });
    await expectListed({ '': [other, one] });
    await change('PUT', session, { pinned: true, tags: ['Work'], unread: true });
    await expectListed({ '': [other, one], '&view=sidebar': [one, other], '&tag=work': [one] });
    await change('PUT', session, { system_prompt: 'Be brief.', unread: false });
    await expectListed({ '&view=sidebar': [one, other], '&tag=work': [one] });
    const folder = await change<Folder>('POST', '/chat/folders', { name: 'Folder' });
    await change('PUT', session, { folder_id: folder._id });
    await expectListed({ [`&folder_id=${folder._id}`]: [one], '&folder_id=none': [other] });
    await change('DELETE', `/chat/folders/${folder._id}`);
    await expectListed({ '&folder_id=none': [other, one] });
    await bulk({ action: 'archive' });
    await expectListed({ '': [other, one], '&view=sidebar': [other], '&archived=true': [one] });
    const sent = await writer.send(one._id, 'Hello');
    await expectListed({ '': [one, other] });
    await change('DELETE', `${session}/messages/${sent._id}`);
    await expectListed({ '': [one, other] });
    await change('DELETE', session);
    await expectListed({ '': [other], '&view=sidebar': [other] });
    const trash = await reader.call('GET', '/chat/sessions?limit=25&deleted=true');
    expect(trash.body).toMatchObject([{ _id: one._id, title: 'renamed', archived: true }]);
    await change('POST', `${session}/restore`);
    await expectListed({ '': [one, other] });
  });
});
