import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChatSession, ImportJob } from '@chat/shared-types';
import { ApiClient } from './support/api-client.js';
import { temporaryDir, withDatabase } from './support/database.js';
import { chatGptConversation, chatGptText } from './support/foreign-exports.js';
import { importFile, postImport, untilEnded } from './support/imports.js';
import { databasePid, startServerProcess } from './support/server-process.js';

jest.setTimeout(240_000);

const CONVERSATIONS = 24;
const MESSAGES = 600;

/** Long ones, so that a kill falls into the middle of one: more than a batch of messages each. */
function exported(): string {
  const conversations = Array.from({ length: CONVERSATIONS }, (_, i) =>
    chatGptConversation(
      `c${i}`,
      Array.from({ length: MESSAGES }, (_unused, j) =>
        chatGptText(
          `m${j}`,
          j === 0 ? null : `m${j - 1}`,
          j % 2 ? 'assistant' : 'user',
          `${i}/${j}`,
        ),
      ),
    ),
  );
  return JSON.stringify(conversations);
}

describe('SIGKILL during an import', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await temporaryDir();
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it.each([
    ['the server', false],
    ['the server and its database', true],
  ])('of %s leaves whole conversations only, and a job that says so', async (_what, both) => {
    const file = exported();
    const first = await startServerProcess({ DATA_DIR: dir });
    const me = await new ApiClient(first.url).signIn('alice', 'alicepass123');
    const { body: job } = await postImport(me, file);
    for (;;) {
      const { body } = await me.call<ImportJob>('GET', `/chat/imports/${job._id}`);
      if (body.counts.imported >= 5) break;
      expect(body.status).toBe('running');
    }
    if (both) process.kill(await databasePid(first), 'SIGKILL');
    first.kill('SIGKILL');
    await first.exited;

    const second = await startServerProcess({ DATA_DIR: dir });
    try {
      const again = await new ApiClient(second.url).signIn('alice', 'alicepass123');
      const sessions = (await again.call<ChatSession[]>('GET', '/chat/sessions')).body;
      expect(sessions.length).toBeGreaterThanOrEqual(5);
      expect(sessions.length).toBeLessThan(CONVERSATIONS);
      for (const { _id, message_count } of sessions) {
        expect(message_count).toBe(MESSAGES);
        expect(await again.messages(_id)).toHaveLength(MESSAGES);
      }
      // The file is gone, and nobody has to clean up.
      expect(await readdir(join(dir, 'imports'))).toEqual([]);
      const ended = await untilEnded(again, job._id);
      expect(ended).toMatchObject({
        status: 'failed',
        error: expect.stringContaining('The server ended while it was importing') as string,
      });
      // The rest, and nothing twice.
      const rest = await importFile(again, file);
      expect(rest.counts).toEqual({
        imported: CONVERSATIONS - sessions.length,
        skipped: sessions.length,
        failed: 0,
      });
      const undone = await again.call<ImportJob>('POST', `/chat/imports/${job._id}/undo`);
      expect(undone.body.status).toBe('undone');
      const left = (await again.call<ChatSession[]>('GET', '/chat/sessions')).body;
      // Also those that its report did not hold yet when the server died.
      expect(left).toHaveLength(rest.counts.imported);
      await withDatabase(await readFile(join(dir, 'mongodb.uri'), 'utf8'), async (connection) => {
        expect(await connection.collection('imports').countDocuments({ status: 'running' })).toBe(
          0,
        );
      });
    } finally {
      second.kill('SIGTERM');
      expect(await second.exited).toMatchObject({ code: 0 });
    }
  });

  it('SIGTERM ends an import behind the conversation that is being built', async () => {
    const first = await startServerProcess({ DATA_DIR: dir });
    const me = await new ApiClient(first.url).signIn('alice', 'alicepass123');
    const { body: job } = await postImport(me, exported());
    first.kill('SIGTERM');
    expect(await first.exited).toMatchObject({ code: 0 });
    const second = await startServerProcess({ DATA_DIR: dir });
    try {
      const again = await new ApiClient(second.url).signIn('alice', 'alicepass123');
      const { body } = await again.call<ImportJob>('GET', `/chat/imports/${job._id}`);
      expect(body).toMatchObject({
        status: 'failed',
        error: expect.stringContaining('The server ended') as string,
      });
    } finally {
      second.kill('SIGTERM');
      await second.exited;
    }
  });
});
