import { Types } from 'mongoose';
import { INDEX_VERSION } from '../src/search/index-state.js';
import { ProgressDisplay } from '../src/search/reindex-progress.js';
import { Reindexer } from '../src/search/reindexer.js';
import { SearchIndexBuilder } from '../src/search/search-index-builder.js';
import type { ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { searchIndexFaults } from './support/search-index-check.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const TIMEOUT = 60_000;

describe('building the search index anew', () => {
  let server: TestApp;
  let me: ApiClient;
  let session: string;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    session = (await me.createSession('A title'))._id;
    for (let i = 0; i < 30; i += 1) await me.send(session, `message number${i}`);
  }, TIMEOUT);
  afterAll(() => server.stop());

  const database = <T>(work: Parameters<typeof withDatabase<T>>[1]): Promise<T> =>
    withDatabase(server.databaseUri, work);

  it(
    'restores what was lost, mends what is wrong and removes what is gone',
    async () => {
      await database(async (connection) => {
        const entries = connection.collection('search_entries');
        await entries.deleteOne({ words: 'number3' });
        await entries.updateOne({ words: 'number4' }, { $set: { words: ['wrong'] } });
        const copy = await entries.findOne({ words: 'number5' });
        await entries.insertOne({ ...copy, _id: new Types.ObjectId() });
        await connection.collection('search_terms').deleteMany({});
      });
      expect(await searchIndexFaults(server.databaseUri)).not.toEqual([]);
      const shown: number[] = [];
      // Another process: this one remembers which words are stored.
      const other = await startTestApp({ databaseUri: server.databaseUri });
      const result = await other.app
        .get(Reindexer)
        .run({ onProgress: ({ done }) => shown.push(done) });
      await other.stop();
      expect(result).toMatchObject({ complete: true, removed: 1, done: 31 });
      expect(shown[0]).toBe(0);
      expect(shown.at(-1)).toBe(31);
      expect(await searchIndexFaults(server.databaseUri)).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'loses nothing that is written at the same time',
    async () => {
      const reindexer = server.app.get(Reindexer);
      const messages = await me.messages(session);
      const writing = (async () => {
        for (const [i, { _id }] of messages.entries()) {
          const path = `/chat/sessions/${session}/messages/${_id}`;
          const json = { content: `edited ${i}` };
          if (i % 3 === 0) expect((await me.call('DELETE', path)).status).toBe(204);
          else expect((await me.call('PATCH', path, { json })).status).toBe(200);
          await me.send(session, `new ${i}`);
        }
      })();
      for (let i = 0; i < 3; i += 1) await reindexer.run();
      await writing;
      expect(await searchIndexFaults(server.databaseUri)).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'stops between two batches, and the next start goes on by itself',
    async () => {
      const ending = new AbortController();
      ending.abort();
      const result = await server.app.get(Reindexer).run({ signal: ending.signal });
      expect(result.complete).toBe(false);
      await database(async (connection) => {
        await connection.collection('search_entries').deleteMany({});
        await connection.collection('search_state').deleteMany({});
      });
      const next = await startTestApp({ databaseUri: server.databaseUri });
      await next.app.get(SearchIndexBuilder).idle();
      await next.stop();
      expect(await searchIndexFaults(server.databaseUri)).toEqual([]);
      const state = await database((connection) =>
        connection.collection('search_state').findOne({}),
      );
      expect(state?.version).toBe(INDEX_VERSION);
    },
    TIMEOUT,
  );

  it(
    'is due after a time without an index',
    async () => {
      const off = await startTestApp({
        databaseUri: server.databaseUri,
        env: { SEARCH_INDEX: 'off' },
      });
      const login = await off.anonymous.signIn(me.username ?? '');
      await login.send(session, 'unnoticed');
      await off.stop();
      expect(await searchIndexFaults(server.databaseUri)).toHaveLength(2);
      const on = await startTestApp({ databaseUri: server.databaseUri });
      await on.app.get(SearchIndexBuilder).idle();
      await on.stop();
      expect(await searchIndexFaults(server.databaseUri)).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'takes few of those at once that are long',
    async () => {
      const other = (await me.createSession('Long ones'))._id;
      const content = 'many words '.repeat(9_000);
      for (let i = 0; i < 30; i += 1) await me.send(other, content);
      const shown: number[] = [];
      const result = await server.app
        .get(Reindexer)
        .run({ onProgress: ({ done }) => shown.push(done) });
      expect(result.complete).toBe(true);
      // They are the newest; eleven of them make a million characters.
      const ends = shown.filter((done) => done > result.done - 30);
      expect(ends.at(-1)).toBe(result.done);
      expect(ends.length).toBeGreaterThanOrEqual(3);
      expect(await searchIndexFaults(server.databaseUri)).toEqual([]);
    },
    TIMEOUT,
  );

  it('is shown as a bar on a terminal and as lines elsewhere', () => {
    const show = (isTTY: boolean): string => {
      let text = '';
      let now = 0;
      const output = { isTTY, write: (more: string) => (text += more) };
      const display = new ProgressDisplay(output, () => now);
      for (const done of [0, 500, 1_000]) {
        display.show({ done, total: 1_000 });
        now += 10_000;
      }
      display.end();
      return text;
    };
    expect(show(true)).toContain('\r[███████████████░░░░░░░░░░░░░░░] 50 % 500 of 1,000');
    expect(show(false).split('\n')).toEqual([
      '0 % 0 of 1,000',
      '50 % 500 of 1,000 50/s, 10 s left',
      '100 % 1,000 of 1,000 50/s',
      '',
    ]);
  });
});
