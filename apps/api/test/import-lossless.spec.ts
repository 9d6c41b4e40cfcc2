import type { ChatSession, ExportedSession, Folder, ImportJob, Message } from '@chat/shared-types';
import fc from 'fast-check';
import type { ApiClient } from './support/api-client.js';
import { download } from './support/downloads.js';
import { comparableExport, unzip } from './support/export-bytes.js';
import { importFile } from './support/imports.js';
import { startTestApp, type TestApp } from './support/test-app.js';

jest.setTimeout(240_000);

const RUNS = Number(process.env.IMPORT_PROPERTY_RUNS ?? 4);

/** Everything that can be done to an account, by what chance decides. */
const OPERATIONS = [
  'session',
  'send',
  'send',
  'send',
  'branch',
  'branch',
  'edit',
  'react',
  'delete message',
  'delete message',
  'restore message',
  'empty trash',
  'show',
  'delete session',
  'restore session',
  'settings',
  'folder',
  'move',
] as const;

interface Step {
  readonly operation: (typeof OPERATIONS)[number];
  /** Which of what there is. */
  readonly which: number;
  readonly other: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  operation: fc.constantFrom(...OPERATIONS),
  which: fc.nat(1_000),
  other: fc.nat(1_000),
});

describe('an export that is imported', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });
  afterAll(() => server.stop());

  const exportOf = async (client: ApiClient): Promise<Buffer> => {
    const { status, bytes } = await download(client, '/chat/export');
    expect(status).toBe(200);
    return bytes;
  };

  it('into another account is exported again byte for byte, once ids are mapped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 40 }), async (steps) => {
        const me = await server.newUser();
        await perform(me, steps);
        const exported = await exportOf(me);
        const other = await server.newUser();
        const job = await importFile(other, exported);
        expect(job).toMatchObject({ status: 'done', format: 'chat-sessions' });
        expect(job.report.filter(({ result }) => result !== 'imported')).toEqual([]);
        expect(job.report.filter(({ reason }) => reason !== undefined)).toEqual([]);
        const again = await exportOf(other);
        expect((await comparableExport(again)).toString()).toBe(
          (await comparableExport(exported)).toString(),
        );
        // What was taken from it is untouched.
        expect((await exportOf(me)).equals(exported)).toBe(true);
        await counts(other);
      }),
      { numRuns: RUNS },
    );
  });

  it('is the same where messages are gone for good and what followed them stayed', async () => {
    const me = await server.newUser();
    const { _id } = await me.createSession('Gaps');
    const path = `/chat/sessions/${_id}/messages`;
    const sent: Message[] = [];
    for (const content of ['a', 'b', 'c', 'd', 'e']) sent.push(await me.send(_id, content));
    const [, b, c, d] = sent;
    const below = async (parent: Message, content: string): Promise<Message> => {
      const answer = await me.call<Message>('POST', path, {
        json: { content, parent_id: parent._id },
      });
      expect(answer.status).toBe(201);
      return answer.body;
    };
    const remove = async (message: Message): Promise<void> => {
      expect((await me.call('DELETE', `${path}/${message._id}`)).status).toBe(204);
    };
    // Another way from a message that goes, and one from its child: their parents become the same.
    const f = await below(b!, 'f');
    await below(f, 'g');
    await below(c!, 'h');
    for (const message of [b!, d!, f]) await remove(message);
    expect((await me.call('DELETE', '/chat/trash')).status).toBe(204);
    // One more that can still be restored, beside those that cannot.
    await remove(c!);
    const exported = await exportOf(me);
    const parents = await parentsIn(exported);
    expect(parents).toEqual({ a: null, c: 'a', e: 'c', g: 'a', h: 'c' });
    const other = await server.newUser();
    const job = await importFile(other, exported);
    expect(job.counts).toEqual({ imported: 1, skipped: 0, failed: 0 });
    const again = await exportOf(other);
    expect((await comparableExport(again)).toString()).toBe(
      (await comparableExport(exported)).toString(),
    );
    expect((await importFile(me, exported)).counts).toMatchObject({ imported: 0, skipped: 1 });
    await counts(other);
  });

  it('is the same where every text is as long as it may be, in characters of two code units', async () => {
    const me = await server.newUser();
    const { body: folder } = await me.call<Folder>('POST', '/chat/folders', {
      json: { name: '🎉'.repeat(100) },
    });
    const { _id } = await me.createSession('🎉'.repeat(200));
    const put = await me.call('PUT', `/chat/sessions/${_id}`, {
      json: { system_prompt: '🎉'.repeat(20_000), tags: ['🎉'.repeat(40)], folder_id: folder._id },
    });
    expect(put.status).toBe(200);
    await me.send(_id, '🎉'.repeat(100_000));
    const exported = await exportOf(me);
    const other = await server.newUser();
    const job = await importFile(other, exported);
    expect(job.report).toMatchObject([{ result: 'imported' }]);
    expect(job.report[0]?.reason).toBeUndefined();
    expect((await comparableExport(await exportOf(other))).toString()).toBe(
      (await comparableExport(exported)).toString(),
    );
  });

  it('twice changes nothing the second time, also in the account it came from', async () => {
    const me = await server.newUser();
    await perform(me, FIXED);
    const exported = await exportOf(me);
    const home = await importFile(me, exported);
    expect(home.counts).toMatchObject({ imported: 0, failed: 0 });
    expect((await exportOf(me)).equals(exported)).toBe(true);
    const other = await server.newUser();
    await importFile(other, exported);
    const once = await exportOf(other);
    const twice = await importFile(other, exported);
    expect(twice.counts).toEqual({ imported: 0, failed: 0, skipped: home.counts.skipped });
    expect(new Set(twice.report.map(({ reason }) => reason))).toEqual(
      new Set(['It is already here.', 'It is already here or in the trash.']),
    );
    expect((await exportOf(other)).equals(once)).toBe(true);
  });

  it('is undone with the folders that it made, and none of those that were there', async () => {
    const me = await server.newUser();
    await perform(me, FIXED);
    const exported = await exportOf(me);
    const other = await server.newUser();
    const [first] = (await me.call<Folder[]>('GET', '/chat/folders')).body;
    await other.call('POST', '/chat/folders', { json: { name: first!.name } });
    const job = await importFile(other, exported);
    const folders = async () => (await other.call<Folder[]>('GET', '/chat/folders')).body;
    const names = (rows: readonly Folder[]) => rows.map(({ name }) => name).sort();
    const originals = (await me.call<Folder[]>('GET', '/chat/folders')).body;
    expect(names(await folders())).toEqual(names(originals));
    const undone = await other.call<ImportJob>('POST', `/chat/imports/${job._id}/undo`);
    expect(undone.body.status).toBe('undone');
    expect((await other.call<ChatSession[]>('GET', '/chat/sessions')).body).toEqual([]);
    expect(names(await folders())).toEqual([first!.name]);
  });

  /** The count of every session is that of its live messages. */
  async function counts(client: ApiClient): Promise<void> {
    for (const { _id, message_count } of await live(client)) {
      expect(await client.messages(_id, '?branch=all')).toHaveLength(message_count);
    }
  }
});

/** What each message of the only session follows, by their texts. */
async function parentsIn(exported: Buffer): Promise<Record<string, string | null>> {
  const file = (await unzip(exported)).find(({ name }) => name.startsWith('sessions/'));
  const { messages } = JSON.parse(file!.text) as ExportedSession;
  const texts = new Map(messages.map((message) => [message._id, message.content]));
  return Object.fromEntries(
    messages.map(({ content, parent_id }) => [content, texts.get(parent_id ?? '') ?? null]),
  );
}

const live = async (client: ApiClient): Promise<ChatSession[]> =>
  (await client.call<ChatSession[]>('GET', '/chat/sessions')).body;

const pick = <T>(rows: readonly T[], which: number): T | undefined => rows[which % rows.length];

/** A session with branches, an edit, trash of both kinds, and two folders in each other. */
const FIXED: readonly Step[] = [
  ...(['folder', 'folder', 'session', 'send', 'send', 'branch', 'send', 'edit', 'react'] as const),
  ...(['move', 'settings', 'branch', 'delete message', 'session', 'send'] as const),
  ...(['delete session', 'session', 'send'] as const),
].map((operation, i) => ({ operation, which: i * 7, other: i * 3 }));

/** Does what the steps say, as far as there is something to do it to. */
async function perform(me: ApiClient, steps: readonly Step[]): Promise<void> {
  await me.createSession('The first');
  for (const one of steps) await performOne(me, one);
}

async function performOne(me: ApiClient, { operation, which, other }: Step): Promise<void> {
  const session = pick(await live(me), which);
  const path = `/chat/sessions/${session?._id ?? ''}`;
  const messages = async (query: string): Promise<Message[]> =>
    session === undefined ? [] : me.messages(session._id, query);
  const ok = async (method: string, address: string, json?: unknown): Promise<void> => {
    const { status, body } = await me.call(method, address, { json });
    expect({ method, address, status: Math.floor(status / 100), body }).toMatchObject({
      status: 2,
    });
  };
  switch (operation) {
    case 'session':
      await me.createSession(`Session ${which}  "${other}" – ü 🙂`);
      return;
    case 'send':
      if (session !== undefined) await me.send(session._id, `message ${which}\n  é 漢字 \u0000`);
      return;
    case 'branch': {
      const parent = pick([...(await messages('?branch=all')), undefined], other);
      const json = { content: `branch ${which}`, parent_id: parent?._id ?? null };
      if (session !== undefined) await ok('POST', `${path}/messages`, json);
      return;
    }
    case 'edit': {
      const message = pick(await messages('?branch=all'), other);
      if (message === undefined) return;
      await ok('PATCH', `${path}/messages/${message._id}`, { content: `edited ${which}` });
      return;
    }
    case 'react': {
      const message = pick(await messages('?branch=all'), other);
      const emoji = encodeURIComponent(pick(['👍', '👨‍👩‍👧', '🇩🇪'], which) ?? '');
      if (message !== undefined)
        await ok('PUT', `${path}/messages/${message._id}/reactions/${emoji}`);
      return;
    }
    case 'delete message': {
      const message = pick(await messages('?branch=all'), other);
      if (message !== undefined) await ok('DELETE', `${path}/messages/${message._id}`);
      return;
    }
    case 'restore message': {
      const message = pick(await messages('?deleted=true'), other);
      if (message !== undefined) await ok('POST', `${path}/messages/${message._id}/restore`);
      return;
    }
    case 'empty trash':
      await ok('DELETE', '/chat/trash');
      return;
    case 'show': {
      const message = pick(await messages('?branch=all'), other);
      if (message !== undefined) await ok('PUT', path, { active_message_id: message._id });
      return;
    }
    case 'delete session':
      if (session !== undefined) await ok('DELETE', path);
      return;
    case 'restore session': {
      const { body } = await me.call<ChatSession[]>('GET', '/chat/sessions?deleted=true');
      const gone = pick(body, other);
      if (gone !== undefined) await ok('POST', `/chat/sessions/${gone._id}/restore`);
      return;
    }
    case 'settings':
      if (session === undefined) return;
      await ok('PUT', path, {
        pinned: which % 2 === 0,
        archived: which % 3 === 0,
        unread: other % 2 === 0,
        tags: [`tag ${which}`, 'ä'],
        system_prompt: other % 3 === 0 ? null : `  prompt ${other}\n`,
      });
      return;
    case 'folder': {
      const { body } = await me.call<Folder[]>('GET', '/chat/folders');
      const top = body.filter(({ parent_id }) => parent_id === null);
      const parent = pick([...top, undefined], other);
      const json = { name: `Folder ${which}`, parent_id: parent?._id ?? null, color: 'teal' };
      await ok('POST', '/chat/folders', json);
      return;
    }
    case 'move': {
      const folder = pick((await me.call<Folder[]>('GET', '/chat/folders')).body, other);
      if (session !== undefined) await ok('PUT', path, { folder_id: folder?._id ?? null });
      return;
    }
  }
}
