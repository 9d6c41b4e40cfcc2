import { ApiClient } from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

/** What one process has read and keeps must never hide what another one changed. */
describe('lists of messages of two servers on one database', () => {
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

  it('show every change that the other one made, at once', async () => {
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
});
