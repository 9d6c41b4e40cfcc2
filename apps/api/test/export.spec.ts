import { EXPORT_SCHEMAS, type ExportedSession, type Message } from '@chat/shared-types';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import createMarkdownIt from 'markdown-it';
import { expectInvalid, expectProblem, type ApiClient } from './support/api-client.js';
import { download } from './support/downloads.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const FORMATS = ['txt', 'md', 'json', 'html', 'pdf'] as const;
const HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(2)> [x](javascript:alert(3))';

describe('the export of a session', () => {
  let server: TestApp;
  let me: ApiClient;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
  });
  afterAll(() => server.stop());

  const exported = (id: string, query = ''): ReturnType<typeof download> =>
    download(me, `/chat/sessions/${id}/export${query}`);

  /** root - (one | two - end), showing `end`, and a message in the trash behind it. */
  async function branched(title = 'Branches'): Promise<{
    id: string;
    root: Message;
    one: Message;
    two: Message;
    end: Message;
    gone: Message;
  }> {
    const { _id: id } = await me.createSession(title);
    const root = await me.send(id, 'the root');
    const one = await me.send(id, 'version one');
    const json = { content: 'version two', parent_id: root._id };
    const two = (await me.call<Message>('POST', `/chat/sessions/${id}/messages`, { json })).body;
    const gone = await me.send(id, 'in the trash');
    const end = await me.send(id, 'the end');
    await me.call('DELETE', `/chat/sessions/${id}/messages/${gone._id}`);
    return { id, root, one, two, end, gone };
  }

  it('is Markdown of the branch that is shown, where nothing else is asked for', async () => {
    const { id } = await branched();
    const answer = await exported(id);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/markdown; charset=utf-8',
    ]);
    expect(answer.text).toMatch(
      /^# Branches\n\n\*Begun [-\d]{10} [\d:]{5} UTC\*\n\n## You\n\n\*[^*]+\*\n\nthe root\n\n## You\n\n\*[^*]+\*\n\nversion two\n\n## You\n\n\*[^*]+\*\n\nthe end\n$/,
    );
  });

  it.each([
    ['txt', 'text/plain; charset=utf-8'],
    ['md', 'text/markdown; charset=utf-8'],
    ['json', 'application/json; charset=utf-8'],
    ['html', 'text/html; charset=utf-8'],
    ['pdf', 'application/pdf'],
  ])('is a download as %s', async (format, mediaType) => {
    const { _id } = await me.createSession('Übermut "/\u202e');
    const { status, headers } = await exported(_id, `?format=${format}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe(mediaType);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="Ubermut __.${format}"; filename*=UTF-8''%C3%9Cbermut%20__.${format}`,
    );
  });

  it.each(['txt', 'md', 'html'])('shows every version in turn, labelled, as %s', async (format) => {
    const { id } = await branched();
    const { text } = await exported(id, `?format=${format}&branch=all`);
    const order = [
      'the root',
      'version 1 of 2',
      'version one',
      'Another version, going on after message 1',
      'version 2 of 2',
      'version two',
      'the end',
    ];
    const places = order.map((words) => text.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text).not.toContain('in the trash');
  });

  it('keeps every message as it was sent, in plain text and in Markdown', async () => {
    const { _id } = await me.createSession('Kept');
    const texts = ['  two\n\n\n  lines\t', '# Heading\n\n* a\n* b', HOSTILE, '```js\nlet a;\n```'];
    for (const content of texts) await me.send(_id, content);
    for (const format of ['txt', 'md']) {
      const { text } = await exported(_id, `?format=${format}`);
      for (const content of texts) expect(text).toContain(`\n${content}\n`);
    }
  });

  it('is Markdown in which no message runs into the next one', async () => {
    const { _id } = await me.createSession('Open');
    for (const content of ['```js\nlet a;', '<!-- open', '~~~~\n```', '<pre>', 'the last']) {
      await me.send(_id, content);
    }
    const { text } = await exported(_id);
    const tokens = createMarkdownIt('commonmark').parse(text, {});
    const headings = tokens.filter(({ type, tag }) => type === 'heading_open' && tag === 'h2');
    expect(headings).toHaveLength(5);
    expect(tokens.at(-2)?.content).toBe('the last');
  });

  it('is JSON by its schema, of the branch that is shown or of the whole tree', async () => {
    const { id, root, one, two, end, gone } = await branched();
    await me.call('PATCH', `/chat/sessions/${id}/messages/${root._id}`, {
      json: { content: 'the root, edited' },
    });
    const ajv = addFormats.default(new Ajv2020({ allErrors: true, strict: true }));
    const validate = ajv.compile(EXPORT_SCHEMAS.session);
    const documents = await Promise.all(
      ['active', 'all'].map(async (branch) => {
        const { text } = await exported(id, `?format=json&branch=${branch}`);
        return JSON.parse(text) as ExportedSession;
      }),
    );
    for (const document of documents) {
      validate(document);
      expect(validate.errors).toBeNull();
      expect(document.session.active_message_id).toBe(end._id);
    }
    const [active, all] = documents.map(({ messages }) =>
      messages.map(({ _id, parent_id }) => [_id, parent_id]),
    );
    // The parent of the last one is in the trash: the document is a tree without it.
    const path = [
      [root._id, null],
      [two._id, root._id],
      [end._id, two._id],
    ];
    expect(active).toEqual(path);
    expect(all).toEqual([path[0], [one._id, root._id], ...path.slice(1)]);
    expect(end.parent_id).toBe(gone._id);
    const [first] = documents[1]!.messages;
    expect(first).toMatchObject({
      content: 'the root, edited',
      revisions: [{ revision: 1, content: 'the root', created_at: root.created_at }],
    });
  });

  it('is one page of HTML that runs nothing and fetches nothing', async () => {
    const { _id } = await me.createSession('</title><script>alert(0)</script>');
    await me.send(_id, HOSTILE);
    await me.send(
      _id,
      '![a picture](https://example.org/p.png) **bold**\n\n```js\nconst a = "</code><script>";\n```',
    );
    await me.call('PUT', `/chat/sessions/${_id}`, { json: { system_prompt: HOSTILE } });
    const { text, headers } = await exported(_id, '?format=html');
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text.match(/<(?:script|img|iframe|object|embed|link|base|form)\b/gi)).toBeNull();
    expect(text.match(/<[^>]*\s(?:on\w+|src|style)\s*=/gi)).toBeNull();
    expect(text.match(/href="(?!https?:|mailto:)/gi)).toBeNull();
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('<a href="https://example.org/p.png" rel="noopener noreferrer">');
    expect(text).toContain('<strong>bold</strong>');
    expect(text).toContain('<span class="hljs-keyword">const</span>');
    expect(text).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('is the same bytes twice, in every format', async () => {
    const { id } = await branched();
    for (const format of FORMATS) {
      const [a, b] = [
        await exported(id, `?format=${format}&branch=all`),
        await exported(id, `?format=${format}&branch=all`),
      ];
      expect({ format, same: a.bytes.equals(b.bytes), size: a.bytes.length > 100 }).toEqual({
        format,
        same: true,
        size: true,
      });
    }
  });

  it('of a session without a message is a document all the same', async () => {
    const { _id } = await me.createSession('Empty');
    for (const format of FORMATS) {
      for (const branch of ['active', 'all']) {
        const { status, bytes } = await exported(_id, `?format=${format}&branch=${branch}`);
        expect([format, branch, status]).toEqual([format, branch, 200]);
        expect(bytes.length).toBeGreaterThan(20);
      }
    }
    const { text } = await exported(_id, '?format=json');
    expect((JSON.parse(text) as ExportedSession).messages).toEqual([]);
  });

  it('has every message of a long session once, in order', async () => {
    const { _id } = await me.createSession('Long');
    for (let i = 0; i < 120; i += 1) await me.send(_id, `message no. ${i}.`);
    for (const [format, branch] of [
      ['txt', 'active'],
      ['json', 'active'],
      ['json', 'all'],
      ['html', 'all'],
    ]) {
      const { text } = await exported(_id, `?format=${format}&branch=${branch}`);
      const numbers = [...text.matchAll(/message no\. (\d+)\./g)].map(([, n]) => Number(n));
      expect(numbers).toEqual(Array.from({ length: 120 }, (_, i) => i));
    }
  });

  it('answers HEAD as GET, without the file', async () => {
    const { id } = await branched();
    const answer = await me.call('HEAD', `/chat/sessions/${id}/export?format=txt`);
    expect([answer.status, answer.body]).toEqual([200, undefined]);
    expect(answer.headers.get('content-disposition')).toContain('Branches.txt');
  });

  it('refuses what it does not know', async () => {
    const { _id } = await me.createSession();
    const path = `/chat/sessions/${_id}/export`;
    expectInvalid(await me.call('GET', `${path}?format=docx`), '?format');
    expectInvalid(await me.call('GET', `${path}?format=`), '?format');
    expectInvalid(await me.call('GET', `${path}?format=md&format=txt`), '?format');
    expectInvalid(await me.call('GET', `${path}?branch=some`), '?branch');
    expectInvalid(await me.call('GET', `${path}?colour=red`), '?colour');
    expectProblem(await me.call('GET', '/chat/sessions/nonsense/export'), 400, 'invalid-request');
  });

  it('is for the owner of a live session alone', async () => {
    const { id } = await branched();
    const other = await server.newUser();
    for (const format of FORMATS) {
      const path = `/chat/sessions/${id}/export?format=${format}`;
      expectProblem(await other.call('GET', path), 404, 'not-found');
      expectProblem(await server.anonymous.call('GET', path), 401, 'authentication-required');
    }
    await me.call('DELETE', `/chat/sessions/${id}`);
    for (const format of FORMATS) {
      const path = `/chat/sessions/${id}/export?format=${format}`;
      expectProblem(await me.call('GET', path), 404, 'not-found');
    }
    const missing = '/chat/sessions/0123456789abcdef01234567/export';
    expectProblem(await me.call('GET', missing), 404, 'not-found');
  });
});
