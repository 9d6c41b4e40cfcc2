import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChatSession } from '@chat/shared-types';
import { ApiClient } from './support/api-client.js';
import { temporaryDir } from './support/database.js';
import { databasePid, startServerProcess } from './support/server-process.js';

const KILLS = 10;
const CLIENTS = 6;
/** The server is killed after this many answers of a round, so always in the middle of others. */
const ANSWERS_BEFORE_KILL = 25;

describe('SIGKILL under load', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await temporaryDir();
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it(`loses no acknowledged message and keeps every count right, ${KILLS} times`, async () => {
    const acknowledged = new Map<string, string>();
    const removed = new Set<string>();
    let sessions: ChatSession[] = [];
    for (let round = 0; round <= KILLS; round += 1) {
      const server = await startServerProcess({ DATA_DIR: dir });
      const me = await new ApiClient(server.url).signIn('alice', 'alicepass123');
      if (round === 0) {
        sessions = await Promise.all(['a', 'b'].map((title) => me.createSession(title)));
      }
      await check(me);
      const database = await databasePid(server);
      let answers = 0;
      const kill = () => {
        answers += 1;
        if (answers !== ANSWERS_BEFORE_KILL) return;
        // Every other time the database dies in the same moment, without a chance to finish.
        if (round % 2 === 1) process.kill(database, 'SIGKILL');
        server.kill('SIGKILL');
      };
      await Promise.all(
        Array.from({ length: CLIENTS }, (_, client) => load(me, client, round, kill)),
      );
      await server.exited;
    }

    async function load(me: ApiClient, client: number, round: number, answered: () => void) {
      const { _id } = sessions[client % sessions.length]!;
      try {
        for (let i = 0; ; i += 1) {
          const content = `round ${round}, client ${client}, message ${i}`;
          const answer = await me.trySend(_id, content);
          if (answer.status !== 201) throw new Error(`Answered ${answer.status}`);
          acknowledged.set(answer.body._id, content);
          answered();
          if (i % 5 !== 4) continue;
          removed.add(answer.body._id);
          await me.call('DELETE', `/chat/sessions/${_id}/messages/${answer.body._id}`);
          answered();
        }
      } catch (error) {
        // The server is gone: the one way out of the loop. (The class is of another realm.)
        if ((error as Error).name !== 'TypeError') throw error;
      }
    }

    async function check(me: ApiClient) {
      const live = new Map<string, string>();
      for (const { _id } of sessions) {
        const messages = await me.messages(_id);
        expect((await me.getSession(_id)).message_count).toBe(messages.length);
        for (const message of messages) live.set(message._id, message.content);
      }
      // One that was being deleted when the server died may be on either side.
      const missing = [...acknowledged].filter(
        ([id, content]) => !removed.has(id) && live.get(id) !== content,
      );
      expect(missing).toEqual([]);
    }
  });

  it('a second API process on the embedded database sees and changes the same', async () => {
    const first = await startServerProcess({ DATA_DIR: dir });
    const uri = await readFile(join(dir, 'mongodb.uri'), 'utf8');
    const secret = await readFile(join(dir, 'jwt.secret'), 'utf8');
    const second = await startServerProcess({
      DATA_DIR: join(dir, 'unused'),
      MONGODB_URI: uri,
      JWT_SECRET: secret,
    });
    try {
      const here = await new ApiClient(first.url).signIn('alice', 'alicepass123');
      // One key: a token of one process is good for the other.
      const there = new ApiClient(second.url, here.token);
      const { _id } = await here.createSession('shared');
      await Promise.all(
        Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? here : there).send(_id, `m${i}`)),
      );
      expect(await there.messages(_id)).toEqual(await here.messages(_id));
      expect((await there.getSession(_id)).message_count).toBe(10);
    } finally {
      for (const server of [second, first]) {
        server.kill('SIGTERM');
        expect(await server.exited).toMatchObject({ code: 0 });
      }
    }
  });
});
