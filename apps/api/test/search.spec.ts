import type { SearchResult } from '@chat/shared-types';
import { ApiClient } from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

describe('GET /chat/search', () => {
  let server: TestApp;
  let me: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
  });
  afterAll(() => server.stop());

  async function search(q: string, query = ''): Promise<SearchResult[]> {
    const answer = await me.call<SearchResult[]>(
      'GET',
      `/chat/search?q=${encodeURIComponent(q)}${query}`,
    );
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  }

  it('finds titles and messages', async () => {
    const { _id } = await me.createSession('Whale watching');
    const message = await me.send(_id, 'We saw a blue whale and two dolphins.');
    expect(await search('whale')).toMatchObject([
      { type: 'session', session_id: _id, title: 'Whale watching', highlights: [[0, 5]] },
      { type: 'message', session_id: _id, message_id: message._id, role: 'user' },
    ]);
    expect(await search('dolph whale')).toMatchObject([
      { message_id: message._id },
      { type: 'session' },
    ]);
  });
});
