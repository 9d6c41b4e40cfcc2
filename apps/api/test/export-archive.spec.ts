import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import {
  EXPORT_SCHEMAS,
  type ExportManifest,
  type ExportedFolder,
  type ExportedSession,
  type Folder,
  type Message,
} from '@chat/shared-types';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Types } from 'mongoose';
import { AccountArchive } from '../src/export/account-archive.js';
import { expectProblem, type ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { download } from './support/downloads.js';
import { comparableExport, unzip, type ZippedFile } from './support/export-bytes.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const ajv = addFormats.default(new Ajv2020({ allErrors: true, strict: true }));
const schemas = {
  manifest: ajv.compile(EXPORT_SCHEMAS.manifest),
  profile: ajv.compile(EXPORT_SCHEMAS.profile),
  folders: ajv.compile(EXPORT_SCHEMAS.folders),
  session: ajv.compile(EXPORT_SCHEMAS.session),
};

function read(files: readonly ZippedFile[], name: string, kind: keyof typeof schemas): unknown {
  const value: unknown = JSON.parse(files.find((file) => file.name === name)?.text ?? 'null');
  schemas[kind](value);
  expect({ name, errors: schemas[kind].errors }).toEqual({ name, errors: null });
  return value;
}

describe('the export of an account', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });
  afterAll(() => server.stop());

  /** Folders, branches, an edit, the trash in both forms. */
  async function someData(me: ApiClient): Promise<void> {
    const folder = async (json: object): Promise<string> => {
      const answer = await me.call<Folder>('POST', '/chat/folders', { json });
      expect(answer.status).toBe(201);
      return answer.body._id;
    };
    const inner = await folder({ name: 'Work', color: 'teal' });
    await folder({ name: 'Deep', parent_id: inner });
    await folder({ name: 'Home' });
    const first = await me.createSession('First / one');
    const root = await me.send(first._id, 'root');
    await me.send(first._id, 'left');
    const json = { content: 'right', parent_id: root._id };
    const path = `/chat/sessions/${first._id}`;
    const right = (await me.call<Message>('POST', `${path}/messages`, { json })).body;
    const last = await me.send(first._id, 'last');
    await me.call('PATCH', `${path}/messages/${right._id}`, { json: { content: 'right, edited' } });
    await me.call('DELETE', `${path}/messages/${last._id}`);
    await me.call('PUT', path, { json: { folder_id: inner, pinned: true, tags: ['a', 'Ä'] } });
    const second = await me.createSession('Second');
    await me.send(second._id, 'kept with its session');
    await me.call('DELETE', `/chat/sessions/${second._id}`);
    await me.createSession('Third');
  }

  it('is a ZIP of documents by their schemas, with the trash, and Markdown for people', async () => {
    const me = await server.newUser();
    await someData(me);
    const answer = await download(me, '/chat/export');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect(answer.headers.get('content-disposition')).toContain(
      `filename="chat-sessions-${me.username ?? ''}.zip"`,
    );
    const files = await unzip(answer.bytes);
    expect(files.map(({ name }) => name)).toEqual([
      'manifest.json',
      'profile.json',
      'folders.json',
      'sessions/000001.json',
      'sessions/000002.json',
      'sessions/000003.json',
      'markdown/000001 First _ one.md',
      'markdown/000003 Third.md',
    ]);
    const manifest = read(files, 'manifest.json', 'manifest') as ExportManifest;
    expect(manifest.counts).toEqual({ folders: 3, sessions: 3, messages: 5 });
    expect(read(files, 'profile.json', 'profile')).toMatchObject({ username: me.username });
    const folders = read(files, 'folders.json', 'folders') as ExportedFolder[];
    expect(folders.map(({ name, position }) => [name, position])).toEqual([
      ['Work', 0],
      ['Home', 1],
      ['Deep', 0],
    ]);
    const [first, second] = [1, 2].map(
      (n) => read(files, `sessions/00000${n}.json`, 'session') as ExportedSession,
    );
    expect(first?.session).toMatchObject({ folder_id: folders[0]?._id, pinned: true });
    expect(
      first?.messages.map(({ content, deleted_at }) => [content, deleted_at !== null]),
    ).toEqual([
      ['root', false],
      ['left', false],
      ['right, edited', false],
      ['last', true],
    ]);
    expect(first?.messages[2]?.revisions).toMatchObject([{ revision: 1, content: 'right' }]);
    expect(second?.session.deleted_at).not.toBeNull();
    expect(second?.messages).toMatchObject([{ content: 'kept with its session' }]);
    const markdown = files.find(({ name }) => name.startsWith('markdown/000001'))?.text ?? '';
    expect(markdown).toContain('right, edited');
    expect(markdown).not.toMatch(/left|last/);
  });

  it('is the same bytes twice, without the time of either', async () => {
    const me = await server.newUser();
    await someData(me);
    const first = await download(me, '/chat/export');
    const second = await download(me, '/chat/export');
    expect(first.bytes.equals(second.bytes)).toBe(true);
    for (const { modified } of await unzip(first.bytes)) {
      expect(modified.toISOString()).toBe('1980-01-01T00:00:00.000Z');
    }
  });

  it('can be compared with that of another account, once ids are mapped', async () => {
    const [me, other] = [await server.newUser(), await server.newUser()];
    for (const one of [me, other]) await one.createSession('Alike');
    // The times differ; everything else is alike.
    const [a, b] = await Promise.all(
      [me, other].map(async (one) => {
        const bytes = await comparableExport((await download(one, '/chat/export')).bytes);
        return bytes.toString().replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d\.\d{3}Z)?/g, 'T');
      }),
    );
    expect(a).toContain('"_id":"<id 1>"');
    expect(a).toBe(b);
    await other.createSession('One more');
    const more = await comparableExport((await download(other, '/chat/export')).bytes);
    expect(more.toString()).not.toBe(b);
  });

  it('of somebody who has nothing is a whole ZIP', async () => {
    const me = await server.newUser();
    const files = await unzip((await download(me, '/chat/export')).bytes);
    expect(files.map(({ name }) => name)).toEqual([
      'manifest.json',
      'profile.json',
      'folders.json',
    ]);
  });

  it('has the nearest ancestor where a parent was removed for good', async () => {
    const me = await server.newUser();
    const { _id } = await me.createSession('Gaps');
    const root = await me.send(_id, 'root');
    const middle = await me.send(_id, 'middle');
    await me.send(_id, 'end');
    await withDatabase(server.databaseUri, async (connection) => {
      const filter = { content: 'middle', session_id: { $exists: true } };
      const { deletedCount } = await connection.collection('messages').deleteOne(filter);
      expect(deletedCount).toBe(1);
    });
    expect(middle.parent_id).toBe(root._id);
    const files = await unzip((await download(me, '/chat/export')).bytes);
    const { messages } = read(files, 'sessions/000001.json', 'session') as ExportedSession;
    expect(messages.map(({ content, parent_id }) => [content, parent_id])).toEqual([
      ['root', null],
      ['end', root._id],
    ]);
    const manifest = read(files, 'manifest.json', 'manifest') as ExportManifest;
    expect(manifest.counts.messages).toBe(2);
  });

  it('holds nothing of anybody else, and is for who signed in', async () => {
    const [me, other] = [await server.newUser(), await server.newUser()];
    const { _id } = await me.createSession('A secret');
    await me.send(_id, 'another secret');
    const { bytes } = await download(other, '/chat/export');
    for (const { text } of await unzip(bytes)) expect(text).not.toContain('secret');
    expectProblem(
      await server.anonymous.call('GET', '/chat/export'),
      401,
      'authentication-required',
    );
  });

  it('ends when the client goes away', async () => {
    const me = await server.newUser();
    const { _id } = await me.createSession('Large');
    await me.send(_id, 'first');
    await withDatabase(server.databaseUri, async (connection) => {
      const messages = connection.collection('messages');
      const stored = await messages.findOne({ session_id: new Types.ObjectId(_id) });
      const time = (stored?.created_at as Date).getTime();
      // Random, so that it stays large and the connection is full long before the end.
      const rows = Array.from({ length: 100 }, (_, i) => ({
        ...stored,
        _id: new Types.ObjectId(),
        content: randomBytes(150_000).toString('base64'),
        created_at: new Date(time + 1 + i),
      }));
      await messages.insertMany(rows);
    });
    const opened = jest.spyOn(server.app.get(AccountArchive), 'open');
    await new Promise<void>((resolve, reject) => {
      const headers = { authorization: `Bearer ${me.token ?? ''}` };
      const request = get(`${server.url}/chat/export`, { headers }, (response) => {
        response.once('data', () => {
          response.pause();
          request.destroy();
          resolve();
        });
        response.on('error', () => undefined);
      });
      request.on('error', reject);
    });
    const { stream } = await (opened.mock.results[0]?.value as ReturnType<AccountArchive['open']>);
    await new Promise<void>((resolve) => {
      if (stream.destroyed) resolve();
      else stream.once('close', resolve);
    });
    expect(stream.readableEnded).toBe(false);
    opened.mockRestore();
  });
});
