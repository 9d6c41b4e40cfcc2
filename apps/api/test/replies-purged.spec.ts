import { LeftoversSweeper } from '../src/leftovers/leftovers.sweeper.js';
import { expectProblem, type ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { ask, follow, pathOf } from './support/replies.js';
import { Puppet, startScriptedApp } from './support/scripted-app.js';
import type { TestApp } from './support/test-app.js';

describe('a reply whose message is removed for good while it is written', () => {
  let server: TestApp;
  let provider: Awaited<ReturnType<typeof startScriptedApp>>['provider'];
  let me: ApiClient;

  beforeAll(async () => {
    ({ server, provider } = await startScriptedApp());
    me = await server.newUser();
  });
  afterAll(() => server.stop());

  const written = () =>
    withDatabase(server.databaseUri, async (connection) => [
      await connection.collection('reply_runs').countDocuments(),
      await connection.collection('reply_chunks').countDocuments(),
    ]);

  it.each(['message', 'session'])('ends, and leaves nothing behind with its %s', async (what) => {
    const { _id } = await me.createSession();
    const puppet = new Puppet(provider);
    const { reply } = await ask(me, _id, 'own');
    const reader = await follow(me, pathOf(reply));
    await puppet.say('half a ');
    await reader.next();
    const path = what === 'message' ? pathOf(reply) : `/chat/sessions/${_id}`;
    expect((await me.call('DELETE', path)).status).toBe(204);
    expect((await me.call('DELETE', '/chat/trash')).status).toBe(204);
    await server.app.get(LeftoversSweeper).idle();
    await reader.toEnd();
    expectProblem(await me.call('POST', `${path}/restore`), 404, 'not-found');
    for (;;) {
      if ((await written()).every((count) => count === 0)) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await me.call('GET', '/chat/sessions')).status).toBe(200);
  });
});
