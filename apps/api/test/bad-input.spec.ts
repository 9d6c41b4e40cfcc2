import { PROBLEM_MEDIA_TYPE } from '@chat/shared-types';
import { expectInvalid, expectProblem, type ApiClient } from './support/api-client.js';
import { withDatabase } from './support/database.js';
import { requestHead, sendBytes } from './support/raw-http.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('bad input', () => {
  let server: TestApp;
  let me: ApiClient;
  let messages: string;

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    const session = await me.createSession();
    messages = `/chat/sessions/${session._id}/messages`;
  });
  afterAll(async () => {
    const stored = await withDatabase(server.databaseUri, (connection) =>
      connection.collection('messages').countDocuments(),
    );
    await server.stop();
    // Whatever was refused above has left nothing behind.
    expect(stored).toBe(0);
  });

  it.each([
    ['no JSON', '{"content":'],
    ['a comma too many', '{"content":"x",}'],
    ['two values', '{"content":"x"}{"content":"y"}'],
    ['a bare word', 'content'],
    ['an array', '[]'],
    ['an array of one', '[{"content":"x"}]'],
    ['a text', '"content"'],
    ['a number', '1'],
    ['null', 'null'],
    ['nothing', ''],
    ['a prototype', '{"content":"x","__proto__":{"role":"assistant"}}'],
    ['a member that every object has', '{"content":"x","toString":1}'],
    ['a nested member that every object has', '{"content":"x","reply":{"valueOf":1}}'],
    ['a constructor', '{"content":"x","constructor":{"prototype":{"role":"assistant"}}}'],
    ['deep objects', `{"content":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`],
    ['deep arrays', `{"content":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['deep arrays left open', '['.repeat(200_000)],
    ['an operator', '{"content":{"$gt":""}}'],
    ['an operator as a property', '{"content":"x","$where":"1"}'],
    ['a dotted property', '{"content":"x","session.title":"y"}'],
  ])('refuses a body of %s', async (_title, raw) => {
    expectProblem(
      await me.call('POST', messages, { raw, headers: JSON_TYPE }),
      400,
      'invalid-request',
    );
  });

  it('refuses bytes that are no UTF-8, in JSON and in a form', async () => {
    const json = Buffer.concat([
      Buffer.from('{"content":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]);
    const answer = await me.call('POST', messages, {
      raw: new Uint8Array(json),
      headers: JSON_TYPE,
    });
    expectProblem(answer, 400, 'invalid-request');
    const form = await server.anonymous.call('POST', '/auths/login', {
      raw: new Uint8Array([0x75, 0xff, 0x3d]),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expectProblem(form, 400, 'invalid-request');
  });

  it('points at every field at fault, with a JSON pointer', async () => {
    const json = { content: '', role: 'system', 'a/b~c': 1 };
    const errors = expectInvalid(
      await me.call('POST', messages, { json }),
      '/content',
      '/role',
      '/a~1b~0c',
    );
    for (const { detail } of errors) expect(detail).toMatch(/\w/);
  });

  it('refuses a body over the limit before it has read all of it', async () => {
    const raw = JSON.stringify({ content: 'x'.repeat(2_097_153) });
    expectProblem(
      await me.call('POST', messages, { raw, headers: JSON_TYPE }),
      413,
      'payload-too-large',
    );
    const announced = await sendBytes(
      server.url,
      requestHead(
        `POST ${messages}`,
        `Authorization: Bearer ${me.token ?? ''}`,
        'Content-Type: application/json',
        'Content-Length: 999999999',
      ),
    );
    expect(announced.status).toBe(413);
  });

  it.each([
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'nonsense',
    'application/jsonx',
  ])('refuses a body of type %s', async (type) => {
    const answer = await me.call('POST', messages, {
      raw: '{"content":"x"}',
      headers: { 'content-type': type },
    });
    expectProblem(answer, 415, 'unsupported-media-type');
  });

  it('takes a form for a login only', async () => {
    const raw = new URLSearchParams({ content: 'x' });
    expectProblem(await me.call('POST', messages, { raw }), 415, 'unsupported-media-type');
  });

  it.each([
    '/nowhere',
    '/chat',
    '/chat/sessions/',
    '/auths',
    '/chat/sessions/x/y/z',
    '/docs-xml',
    '/%2e%2e/etc',
  ])('knows no %s', async (path) => {
    expectProblem(await me.call('GET', path), 404, 'unknown-route');
  });

  it.each([
    ['PATCH', '/chat/sessions', ['GET', 'POST']],
    ['DELETE', '/chat/sessions', ['GET', 'POST']],
    ['POST', '/chat/sessions/0123456789abcdef01234567', ['DELETE', 'GET', 'PUT']],
    ['GET', '/auths/login', ['POST']],
    ['PUT', '/auths/me', ['DELETE', 'GET', 'PATCH']],
    ['OPTIONS', '/chat/sessions', ['GET', 'POST']],
    ['POST', '/health/live', ['GET']],
  ])('answers %s %s with the methods that there are', async (method, path, allowed) => {
    const answer = await me.call(method, path);
    expectProblem(answer, 405, 'method-not-allowed');
    const listed = (answer.headers.get('allow') ?? '').split(/,\s*/);
    expect(listed.filter((one) => one !== 'HEAD').sort()).toEqual(allowed);
  });

  it('tells the path of the request in `instance`, without its query', async () => {
    const problem = expectProblem(
      await me.call('GET', '/nowhere?token=secret'),
      404,
      'unknown-route',
    );
    expect(problem.instance).toBe('/nowhere');
  });

  const socketLevel: readonly { title: string; status: number; chunks: (string | Buffer)[] }[] = [
    { title: 'an address that cannot be decoded', status: 400, chunks: [requestHead('GET /%zz')] },
    {
      title: 'an id that cannot be decoded',
      status: 400,
      chunks: [requestHead('GET /chat/sessions/%ff')],
    },
    {
      title: 'headers that are too large',
      status: 431,
      chunks: [requestHead('GET /chat/sessions', `X-Large: ${'x'.repeat(40_000)}`)],
    },
    {
      title: 'a length that is no number',
      status: 400,
      chunks: [requestHead('POST /auths/login', 'Content-Length: many')],
    },
    {
      title: 'two lengths',
      status: 400,
      chunks: [requestHead('POST /auths/login', 'Content-Length: 1', 'Content-Length: 2'), 'ab'],
    },
    {
      title: 'a length and chunks at once',
      status: 400,
      chunks: [
        requestHead('POST /auths/login', 'Content-Length: 3', 'Transfer-Encoding: chunked'),
        '0\r\n\r\n',
      ],
    },
    { title: 'a method that does not exist', status: 400, chunks: [requestHead('FETCH /')] },
    {
      title: 'what is no HTTP',
      status: 400,
      chunks: [Buffer.from([0, 1, 2, 3, 0xff]), '\r\n\r\n'],
    },
  ];
  it.each(socketLevel)('answers a problem to $title', async ({ status, chunks }) => {
    const answer = await sendBytes(server.url, ...chunks);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(
      new RegExp(`^${PROBLEM_MEDIA_TYPE.replace('+', '\\+')}`),
    );
    expect(JSON.parse(answer.body)).toMatchObject({
      status,
      type: expect.stringMatching(/^\/problems\//) as string,
    });
    expect(answer.body).not.toMatch(/fastify|HPE_|FST_|stack/i);
  });

  it('answers requests as before after all of that', async () => {
    expect((await me.call('GET', '/chat/sessions')).status).toBe(200);
  });
});
