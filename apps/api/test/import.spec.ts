import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatSession, ImportJob, ImportReportEntry, ListedImport } from '@chat/shared-types';
import { expectInvalid, expectProblem, type ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import {
  chatGptConversation,
  chatGptSample,
  chatGptText,
  claudeSample,
  libreChatSample,
} from './support/foreign-exports.js';
import { importFile, postImport, untilEnded, zipOf } from './support/imports.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const MAX_BYTES = 2_000_000;

describe('import', () => {
  let dataDir: string;
  let server: TestApp;
  let me: ApiClient;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'chat-import-'));
    server = await startTestApp({
      env: { DATA_DIR: dataDir, IMPORT_MAX_BYTES: `${MAX_BYTES}` },
    });
  });
  beforeEach(async () => {
    me = await server.newUser();
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const sessions = async (client = me): Promise<ChatSession[]> =>
    (await client.call<ChatSession[]>('GET', '/chat/sessions')).body;
  const outline = async (id: string): Promise<string[]> =>
    (await me.messages(id)).map(({ role, content }) => `${role}: ${content}`);

  describe('takes', () => {
    it('a ZIP of ChatGPT in its older layout', async () => {
      const job = await importFile(
        me,
        await zipOf({
          'user.json': { id: 'u' },
          'conversations.json': [chatGptSample('c-1')],
          'chat.html': '<html></html>',
          'file-abc-photo.png': 'not a photo',
        }),
      );
      expect(job).toMatchObject({
        status: 'done',
        format: 'chatgpt',
        dry_run: false,
        error: null,
        counts: { imported: 1, skipped: 0, failed: 0 },
        report: [{ title: 'Conversation c-1', result: 'imported' }],
      });
      expect(job.progress.done).toBe(job.progress.total);
      const [session] = await sessions();
      expect(session).toMatchObject({
        _id: job.report[0]?.session_id,
        title: 'Conversation c-1',
        message_count: 4,
        last_message_at: '2023-11-14T22:13:29.000Z',
        created_at: '2023-11-14T22:13:20.500Z',
      });
      expect(await outline(session!._id)).toEqual([
        'user: What is a tree?',
        'assistant: A graph without cycles.',
        'user: Thanks!',
      ]);
      const shown = await me.messages(session!._id);
      expect(shown[1]).toMatchObject({ model: 'openai/gpt-5', siblings: { length: 2 } });
    });

    it('a ZIP of ChatGPT in its newer layout, the files in their order', async () => {
      const job = await importFile(
        me,
        await zipOf({
          'export_manifest.json': { files: [{ name: 'conversations-000.json', size: 1 }] },
          'conversations-010.json': [chatGptSample('third')],
          'conversations-002.json': [chatGptSample('second')],
          'conversations-000.json': [chatGptSample('first')],
          'user_settings.json': '{broken',
        }),
      );
      expect(job.report.map(({ title }) => title)).toEqual([
        'Conversation first',
        'Conversation second',
        'Conversation third',
      ]);
    });

    it('a ZIP of Claude', async () => {
      const job = await importFile(
        me,
        await zipOf({
          'conversations.json': [claudeSample()],
          'users.json': [{ uuid: 'somebody' }],
          'projects.json': [],
        }),
      );
      expect(job).toMatchObject({
        status: 'done',
        format: 'claude',
        report: [{ result: 'imported', reason: expect.stringContaining('tool') as string }],
      });
      const [session] = await sessions();
      expect((await me.messages(session!._id))[1]).toMatchObject({
        reasoning: 'Erosion, I think.',
        role: 'assistant',
      });
    });

    it.each([
      ['one conversation of LibreChat', libreChatSample('l-1'), 'librechat', 1],
      ['many of LibreChat', [libreChatSample('l-2'), libreChatSample('l-3')], 'librechat', 2],
      ['conversations.json of ChatGPT alone', [chatGptSample()], 'chatgpt', 1],
      ['conversations.json of Claude alone', [claudeSample()], 'claude', 1],
      ['conversations in an object', { conversations: [claudeSample()] }, 'claude', 1],
    ])('JSON: %s', async (_title, value, format, count) => {
      const job = await importFile(me, JSON.stringify(value));
      expect(job).toMatchObject({ status: 'done', format, counts: { imported: count } });
      expect(await sessions()).toHaveLength(count);
    });

    it('a file with a byte order mark', async () => {
      const job = await importFile(me, `\ufeff${JSON.stringify([claudeSample()])}`);
      expect(job).toMatchObject({ status: 'done', counts: { imported: 1 } });
    });

    it('files whatever they are called, in whatever folder of a ZIP', async () => {
      const zip = await zipOf({
        'My export/a.json': libreChatSample('a'),
        'My export/b.json': libreChatSample('b'),
        'My export/broken.json': '[',
        '__MACOSX/My export/._a.json': 'junk',
      });
      expect(await importFile(me, zip)).toMatchObject({
        status: 'done',
        format: 'librechat',
        counts: { imported: 2, failed: 0 },
      });
    });
  });

  describe('a dry run', () => {
    it('reports the same and stores nothing', async () => {
      const file = JSON.stringify([chatGptSample('a'), claudeSample('b'), chatGptSample('a'), 7]);
      const dry = await importFile(me, file, '?dry_run=true');
      expect(dry).toMatchObject({ status: 'done', dry_run: true });
      expect(await sessions()).toEqual([]);
      const wet = await importFile(me, file, '?dry_run=false');
      expect(wet.report.map(withoutId)).toEqual(dry.report);
      expect(wet.report.map(({ result }) => result)).toEqual([
        'imported',
        'imported',
        'skipped',
        'failed',
      ]);
      expect(await sessions()).toHaveLength(2);
    });

    it('cannot be undone', async () => {
      const { _id } = await importFile(me, JSON.stringify(claudeSample()), '?dry_run=true');
      expectProblem(await me.call('POST', `/chat/imports/${_id}/undo`), 409, 'conflict');
    });
  });

  describe('nothing comes twice', () => {
    it('in two imports, until what was imported is in the trash', async () => {
      const file = JSON.stringify([chatGptSample('x')]);
      await importFile(me, file);
      const again = await importFile(me, file);
      expect(again.report).toEqual([
        { title: 'Conversation x', result: 'skipped', reason: 'It is already here.' },
      ]);
      const [session] = await sessions();
      await me.call('DELETE', `/chat/sessions/${session!._id}`);
      expect((await importFile(me, file)).counts.imported).toBe(1);
    });

    it('yet what one person has does not keep another from having it', async () => {
      const file = JSON.stringify([chatGptSample('x')]);
      await importFile(me, file);
      expect((await importFile(await server.newUser(), file)).counts.imported).toBe(1);
    });
  });

  describe('undo', () => {
    it('moves what was imported to the trash, and does so once', async () => {
      const kept = await me.createSession('mine');
      const job = await importFile(me, JSON.stringify([chatGptSample('a'), chatGptSample('b')]));
      const undone = await me.call<ImportJob>('POST', `/chat/imports/${job._id}/undo`);
      expect(undone).toMatchObject({ status: 200, body: { ...job, status: 'undone' } });
      expect((await sessions()).map(({ _id }) => _id)).toEqual([kept._id]);
      const restored = job.report[0]?.session_id ?? '';
      expect((await me.call('POST', `/chat/sessions/${restored}/restore`)).status).toBe(200);
      expect((await me.call('POST', `/chat/imports/${job._id}/undo`)).status).toBe(200);
      expect(await sessions()).toHaveLength(2);
      expect(await outline(restored)).toHaveLength(3);
    });
  });

  describe('lists', () => {
    it("a user's imports, newest first, by pages", async () => {
      const ids: string[] = [];
      for (const id of ['a', 'b', 'c']) {
        ids.unshift((await importFile(me, JSON.stringify(claudeSample(id))))._id);
      }
      const { rows, pages } = await me.everyPage<ListedImport>('/chat/imports?limit=2');
      expect(rows.map(({ _id }) => _id)).toEqual(ids);
      expect(pages).toBe(2);
      expect(rows[0]).not.toHaveProperty('report');
      expectInvalid(await me.call('GET', '/chat/imports?cursor=nonsense'), '?cursor');
    });
  });

  describe('refuses', () => {
    const EMPTY_ZIP = Buffer.from('504b0506000000000000000000000000000000000000', 'hex');
    const whole = () => JSON.stringify([chatGptSample('a'), chatGptSample('b')]);
    const manifest = { format: 'chat-sessions', version: 1, counts: {} };

    it.each<[string, () => Promise<Uint8Array | string> | Uint8Array | string, RegExp]>([
      ['an empty file', () => ' ', /is empty/],
      [
        'half JSON',
        () => whole().slice(0, -40),
        /The file is cut off at byte \d+, in the middle of conversation 2/,
      ],
      [
        'broken JSON',
        () => whole().replace('"mapping"', 'mapping'),
        /not valid JSON in conversation 1, at byte \d+/,
      ],
      ['JSON that ends with something else', () => `${whole()} and`, /not valid JSON at byte \d+/],
      ['JSON without conversations', () => '{"hello": "world"}', /No conversations were found/],
      ['a number', () => '  [1, 2]', /No conversations were found/],
      ['plain text', () => 'Dear diary', /neither a ZIP nor JSON/],
      ['a web page', () => '<!doctype html><p>x', /a web page/],
      ['gzip', () => Buffer.from([0x1f, 0x8b, 8, 0]), /gzip/],
      ['UTF-16', () => Buffer.from(`\ufeff${whole()}`, 'utf16le'), /UTF-16/],
      [
        'Latin-1',
        () => Buffer.from(whole().replace('tree', 'tr\xe9e'), 'latin1'),
        /not valid UTF-8 in conversation 1/,
      ],
      ['too deep a nesting', () => `[${'['.repeat(30_000)}${']'.repeat(30_000)}]`, /levels deep/],
      ['an empty ZIP', () => EMPTY_ZIP, /No conversations were found/],
      [
        'half a ZIP',
        async () => (await zipOf({ 'conversations.json': whole() })).subarray(0, 200),
        /ZIP file is cut off or damaged/,
      ],
      [
        'a ZIP with broken JSON',
        () =>
          zipOf({
            'conversations-000.json': whole(),
            'conversations-001.json': whole().slice(0, 99),
          }),
        /"conversations-001.json" is cut off at byte 99, in the middle of conversation 1/,
      ],
      [
        'a ZIP in UTF-16',
        () => zipOf({ 'conversations.json': Buffer.from(whole(), 'utf16le') }),
        /"conversations.json" is in UTF-16/,
      ],
      [
        'a bomb',
        () => zipOf({ 'conversations.json': `["${'x'.repeat(20_000_000)}"]` }),
        /would unpack to far more/,
      ],
      [
        'a name that leads outside',
        () => renamed('aa/conversations.json', '../conversations.json'),
        /"\.\.\/conversations.json" in it leads outside/,
      ],
      [
        'an absolute name',
        () => renamed('a/conversations.json', '//conversations.json'),
        /leads outside/,
      ],
      [
        'two files of one name',
        () => renamed('x.json', 'y.json', { 'y.json': claudeSample() }),
        /holds "y.json" twice/,
      ],
      [
        'a password',
        async () =>
          patched(await zipOf({ 'conversations.json': whole() }), (zip, at) =>
            zip.writeUInt16LE(1, at + 8),
          ),
        /protected by a password/,
      ],
      [
        'another compression',
        async () =>
          patched(await zipOf({ 'conversations.json': whole() }), (zip, at) =>
            zip.writeUInt16LE(12, at + 10),
          ),
        /packed in a way that is not read here \(method 12\)/,
      ],
      [
        'a wrong checksum',
        async () =>
          patched(await zipOf({ 'conversations.json': whole() }), (zip, at) =>
            zip.writeUInt32LE(7, at + 16),
          ),
        /"conversations.json" in the ZIP file is damaged/,
      ],
      [
        'a damaged list',
        async () =>
          patched(await zipOf({ 'conversations.json': whole() }), (zip, at) =>
            zip.writeUInt32LE(7, at),
          ),
        /entry 1 of the list of its contents/,
      ],
      [
        'an export of a newer version',
        () => zipOf({ 'manifest.json': { ...manifest, version: 2 } }),
        /newer version \(format 2/,
      ],
      [
        'an export with something else in it',
        () => zipOf({ 'manifest.json': manifest, 'sessions/1.json': claudeSample() }),
        /"sessions\/1.json" is no conversation of Chat Sessions/,
      ],
    ])('%s, naming what and where, and imports nothing', async (_title, make, sentence) => {
      const job = await importFile(me, await make());
      expect(job).toMatchObject({
        status: 'failed',
        error: expect.stringMatching(sentence) as string,
      });
      expect(job.report).toEqual([]);
      expect(await sessions()).toEqual([]);
    });

    it('what is no file of a form', async () => {
      expectInvalid(await postImport(me, ''), '/file');
      expectProblem(
        await me.call('POST', '/chat/import', { json: {} }),
        415,
        'unsupported-media-type',
      );
      expectProblem(await me.call('POST', '/chat/import'), 415, 'unsupported-media-type');
      const broken = (raw: string, type = 'multipart/form-data; boundary=x') =>
        me.call('POST', '/chat/import', { raw, headers: { 'content-type': type } });
      expectProblem(await broken('--x\r\n'), 400, 'invalid-request');
      expectProblem(await broken('nonsense'), 400, 'invalid-request');
      expectProblem(await broken('', 'multipart/form-data'), 400, 'invalid-request');
      const part = (name: string, more = '') =>
        `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n[]\r\n`;
      expectInvalid(await broken(`${part('other', '; filename="a"')}--x--\r\n`), '/other');
      expectInvalid(await broken(`${part('file')}--x--\r\n`), '/file');
      const file = part('file', '; filename="a"');
      expectInvalid(await broken(`${file}${file}--x--\r\n`), '/file');
      expectProblem(await broken(file), 400, 'invalid-request');
      expectInvalid(await postImport(me, '[]', '?dry_run=perhaps'), '?dry_run');
      expectInvalid(await postImport(me, '[]', '?dry=true'), '?dry');
    });

    it('a file over the limit with a 413, and one at the limit not', async () => {
      const text = `[${' '.repeat(MAX_BYTES - 2)}]`;
      expect((await importFile(me, text)).status).toBe('failed');
      expectProblem(await postImport(me, `${text} `), 413, 'payload-too-large');
      expectProblem(await postImport(me, text.repeat(3)), 413, 'payload-too-large');
    });

    it('a second import while one runs', async () => {
      const conversations = Array.from({ length: 40 }, (_, i) => chatGptSample(`c${i}`));
      const first = await postImport(me, JSON.stringify(conversations));
      expectProblem(await postImport(me, '[]'), 409, 'import-running');
      expectProblem(
        await me.call('POST', `/chat/imports/${first.body._id}/undo`),
        409,
        'import-running',
      );
      expect((await untilEnded(me, first.body._id)).counts.imported).toBe(40);
    });

    it('whoever is not signed in, and hides what others imported', async () => {
      const { _id } = await importFile(me, JSON.stringify(claudeSample()));
      const other = await server.newUser();
      const calls = [
        ['GET', `/chat/imports/${_id}`],
        ['POST', `/chat/imports/${_id}/undo`],
      ] as const;
      for (const [method, path] of calls) {
        expectProblem(await other.call(method, path), 404, 'not-found');
        expectProblem(
          await other.call(method, path.replace(_id, 'nonsense')),
          400,
          'invalid-request',
        );
        expectProblem(await server.anonymous.call(method, path), 401, 'authentication-required');
      }
      expect((await other.call('GET', '/chat/imports')).body).toEqual([]);
      const anonymous = server.anonymous;
      expectProblem(await anonymous.call('GET', '/chat/imports'), 401, 'authentication-required');
      expectProblem(await postImport(anonymous, '[]'), 401, 'authentication-required');
      expect(await sessions()).toHaveLength(1);
    });
  });

  describe('of one conversation', () => {
    it('says what is wrong with it and takes the others', async () => {
      const future = chatGptConversation('f', [
        chatGptText('q', null, 'user', 'x', { create_time: 4_102_444_800 }),
      ]);
      const circle = chatGptConversation('o', [
        chatGptText('a', 'b', 'user', 'x'),
        chatGptText('b', 'a', 'assistant', 'y'),
      ]);
      const job = await importFile(
        me,
        JSON.stringify([future, chatGptConversation('e', []), null, circle, chatGptSample('g')]),
      );
      expect(job.report.map(withoutId)).toEqual([
        {
          title: 'Conversation f',
          result: 'imported',
          reason: 'A time in the future became the time of this import.',
        },
        {
          title: 'Conversation e',
          result: 'skipped',
          reason: 'It holds no message that can be read.',
        },
        {
          title: 'Conversation 3 in the file',
          result: 'failed',
          reason: 'It has not the shape of a conversation.',
        },
        {
          title: 'Conversation o',
          result: 'imported',
          reason: 'One message that followed itself was put at the beginning.',
        },
        { title: 'Conversation g', result: 'imported' },
      ]);
      for (const { last_message_at } of await sessions()) {
        expect(new Date(last_message_at!).getTime()).toBeLessThan(Date.now() + 1_000);
      }
    });
  });

  it('keeps an uploaded file to itself and only as long as it reads it', async () => {
    const conversations = Array.from({ length: 20 }, (_, i) => chatGptSample(`c${i}`));
    const { body } = await postImport(me, JSON.stringify(conversations));
    const dir = join(dataDir, 'imports');
    const [name] = await readdir(dir);
    expect((await stat(join(dir, name!))).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    await untilEnded(me, body._id);
    while ((await readdir(dir)).length > 0) await new Promise(setImmediate);
  });

  it('leaves nothing unseen behind', async () => {
    await withDatabase(server.databaseUri, async (connection) => {
      const known = await connection.collection('chat_sessions').distinct('_id');
      const held = await connection.collection('messages').distinct('session_id');
      const ids = new Set(known.map(String));
      expect(held.map(String).filter((id) => !ids.has(id))).toEqual([]);
      expect(
        await connection.collection('session_leftovers').countDocuments({ claimed: true }),
      ).toBe(0);
    });
  });
});

function withoutId({ title, result, reason }: ImportReportEntry): ImportReportEntry {
  return { title, result, ...(reason === undefined ? {} : { reason }) };
}

/** A ZIP in which a name was replaced by one of the same length that no packer would write. */
async function renamed(
  from: string,
  to: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Buffer> {
  const zip = await zipOf({ [from]: [claudeSample()], ...more });
  const text = zip.toString('latin1').replaceAll(from, to);
  return Buffer.from(text, 'latin1');
}

/** A ZIP whose first entry in the list of contents was changed. */
function patched(zip: Buffer, change: (zip: Buffer, at: number) => void): Buffer {
  change(zip, zip.indexOf('PK\x01\x02', 0, 'latin1'));
  return zip;
}
