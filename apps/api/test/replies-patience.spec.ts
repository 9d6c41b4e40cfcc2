import { PROSE, type ScriptedProvider } from '@chat/scripted-provider';
import type { ApiClient } from './support/api-client.js';
import { ask, readAll } from './support/replies.js';
import { startScriptedApp } from './support/scripted-app.js';
import type { TestApp } from './support/test-app.js';

describe('a reply whose model takes too long', () => {
  let server: TestApp;
  let provider: ScriptedProvider;
  let me: ApiClient;
  let session: string;

  beforeAll(async () => {
    const env = { REPLY_IDLE_TIMEOUT: '1', REPLY_TIMEOUT: '2' };
    ({ server, provider } = await startScriptedApp({ env }));
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    me = await server.newUser();
    session = (await me.createSession('a title'))._id;
  });

  it.each(['hanging', 'silent'])(
    'ends where nothing comes for the idle time, and the provider is left (%s)',
    async (scenario) => {
      const { path } = await ask(me, session, scenario);
      const { ended } = await readAll(me, path);
      expect(ended).toMatchObject({
        status: 'failed',
        content: '',
        error: { type: '/problems/provider-timeout', status: 504 },
      });
      const request = await provider.waitForRequest(({ question }) => question.model === scenario);
      await request.closed;
      expect(request.aborted).toBe(true);
    },
  );

  it('ends after the total time although words still come, and keeps those that came', async () => {
    const { path } = await ask(me, session, 'slow');
    const { ended } = await readAll(me, path);
    expect(ended).toMatchObject({
      status: 'failed',
      error: { type: '/problems/provider-timeout' },
    });
    expect(ended.content.length).toBeGreaterThan(0);
    expect(ended.content.length).toBeLessThan(PROSE.length);
    expect(PROSE.startsWith(ended.content)).toBe(true);
  });
});
