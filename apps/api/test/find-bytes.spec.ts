import type { ChatSession } from '@chat/shared-types';
import { mongo } from 'mongoose';
import type { ApiClient } from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

/** More than the database answers at once where nothing is said (101, as MongoDB's default). */
const SESSIONS = 120;

describe('pages that are read as bytes', () => {
  let server: TestApp;
  let me: ApiClient;
  let all: ChatSession[];

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    const titles = Array.from({ length: SESSIONS }, (_, n) => `Session ${n}`);
    for (const title of titles) await me.createSession(title);
    all = (await me.call<ChatSession[]>('GET', '/chat/sessions')).body;
  });
  afterAll(() => server.stop());

  it('are the same as the list in one piece', async () => {
    expect(all).toHaveLength(SESSIONS);
    const pages = await me.everyPage<ChatSession>('/chat/sessions?limit=50');
    expect(pages).toEqual({ rows: all, pages: 3 });
    const largest = await me.call('GET', '/chat/sessions?limit=100');
    expect(largest.body).toEqual(all.slice(0, 100));
  });

  it('are asked for once more where the connection to the database broke', async () => {
    const command = jest.spyOn(mongo.Db.prototype, 'command');
    command.mockRejectedValueOnce(new mongo.MongoNetworkError('connection closed'));
    const { status, body } = await me.call('GET', '/chat/sessions?limit=25');
    expect(command).toHaveBeenCalled();
    command.mockRestore();
    expect({ status, body }).toEqual({ status: 200, body: all.slice(0, 25) });
  });
});
