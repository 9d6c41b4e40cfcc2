import { HEADERS } from '@chat/shared-types';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ApiClient } from './support/api-client.js';
import { startTestApp, type TestApp } from './support/test-app.js';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly security?: object[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<
    string,
    { content?: Record<string, { schema: object }>; headers?: Record<string, object> }
  >;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}

/** What the contract lists; the document must hold exactly these. */
const OPERATIONS = [
  'GET /auths/me',
  'GET /assistants/models',
  'GET /chat/events',
  'GET /chat/export',
  'GET /chat/sessions',
  'GET /chat/sessions/{id}',
  'GET /chat/sessions/{id}/export',
  'GET /chat/sessions/{id}/messages',
  'GET /chat/sessions/{id}/messages/{messageId}/revisions',
  'GET /chat/sessions/{id}/messages/{messageId}/stream',
  'GET /health/live',
  'GET /health/ready',
  'PATCH /auths/me',
  'PATCH /chat/sessions/{id}/messages/{messageId}',
  'POST /auths/change-password',
  'POST /auths/login',
  'POST /auths/logout',
  'POST /auths/refresh',
  'POST /auths/register',
  'POST /chat/sessions',
  'POST /chat/sessions/{id}/messages',
  'POST /chat/sessions/{id}/messages/{messageId}/continue',
  'POST /chat/sessions/{id}/messages/{messageId}/regenerate',
  'POST /chat/sessions/{id}/messages/{messageId}/restore',
  'POST /chat/sessions/{id}/messages/{messageId}/stop',
  'POST /chat/sessions/{id}/restore',
  'POST /chat/sessions/{id}/title',
  'PUT /chat/sessions/{id}',
  'DELETE /chat/sessions/{id}',
  'DELETE /chat/sessions/{id}/messages/{messageId}',
  'DELETE /auths/devices/{id}',
  'DELETE /auths/me',
  'DELETE /chat/sessions/{id}/messages/{messageId}/reactions/{emoji}',
  'DELETE /chat/trash',
  'GET /auths/devices',
  'GET /chat/trash',
  'POST /chat/sessions/{id}/messages/{messageId}/revisions/{revision}/restore',
  'PUT /chat/sessions/{id}/messages/{messageId}/reactions/{emoji}',
  'GET /chat/folders',
  'GET /chat/imports',
  'GET /chat/imports/{id}',
  'GET /chat/search',
  'GET /chat/tags',
  'POST /chat/folders',
  'POST /chat/import',
  'POST /chat/imports/{id}/undo',
  'POST /chat/sessions/bulk',
  'POST /chat/sessions/{id}/duplicate',
  'PUT /chat/folders/{id}',
  'DELETE /chat/folders/{id}',
];

describe('the OpenAPI document', () => {
  let server: TestApp;
  let me: ApiClient;
  let document: Document;
  let operations: [name: string, operation: Operation][];

  beforeAll(async () => {
    server = await startTestApp();
    me = await server.newUser();
    document = (await server.anonymous.call<Document>('GET', '/docs-json')).body;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    );
  });
  afterAll(() => server.stop());

  it('is OpenAPI 3.1 and lists the whole contract', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(operations.map(([name]) => name).sort()).toEqual([...OPERATIONS].sort());
  });

  it('gives every operation its own id, a summary, typed bodies and its problems', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(operations.length);
    for (const [name, { summary, responses, requestBody }] of operations) {
      expect([name, summary]).toEqual([name, expect.stringMatching(/\w/)]);
      for (const { schema } of Object.values(requestBody?.content ?? {})) {
        expect(Object.keys(schema)).not.toEqual([]);
      }
      for (const [status, { content }] of Object.entries(responses)) {
        if (status === '204') continue;
        const types = Object.keys(content ?? {});
        const problem = Number(status) >= 400 && !name.includes('/health/');
        expect([name, status, types]).toEqual([
          name,
          status,
          problem ? ['application/problem+json'] : expect.arrayContaining([expect.any(String)]),
        ]);
        for (const { schema } of Object.values(content ?? {})) {
          expect(Object.keys(schema)).not.toEqual([]);
        }
      }
    }
  });

  it('asks for a token exactly where the server does', async () => {
    for (const [name, { security = [], responses }] of operations) {
      const [method = '', path = ''] = name.split(' ');
      const answer = await server.anonymous.call(
        method,
        path.replaceAll(/\{\w+\}/g, '0123456789abcdef01234567'),
      );
      const bearer = security.some((one) => 'bearer' in one);
      const asks = answer.status === 401 && answer.headers.get('www-authenticate') !== null;
      expect({ name, asks }).toEqual({ name, asks: bearer });
      if (bearer) expect(Object.keys(responses)).toContain('401');
      // Whatever the server just answered, the document foresees.
      expect([name, Object.keys(responses)]).toEqual([
        name,
        expect.arrayContaining([String(answer.status)]),
      ]);
    }
  });

  it('describes every way to ask for a reply, and no other', () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ ...document, $id: 'document' });
    const validate = ajv.compile({ $ref: 'document#/components/schemas/SendMessageRequest' });
    const isDescribed = (reply: unknown): boolean => validate({ content: 'x', reply });
    for (const reply of [true, false, {}, { model: 'builtin/guide' }]) {
      expect([reply, isDescribed(reply)]).toEqual([reply, true]);
    }
    for (const reply of [null, 1, 'true', [], { model: null }, { model: '' }]) {
      expect([reply, isDescribed(reply)]).toEqual([reply, false]);
    }
  });

  it('names the headers that an answer to a client without a token has', () => {
    for (const [name, { security = [], responses }] of operations) {
      if (!security.some((one) => 'bearer' in one)) continue;
      const { headers = {} } = responses['401'] ?? {};
      expect([name, Object.keys(headers)]).toEqual([name, ['WWW-Authenticate']]);
    }
  });

  it('is served as YAML too, with a page to read it that works offline', async () => {
    const yaml = await server.anonymous.call<string>('GET', '/docs-yaml');
    expect([yaml.status, yaml.body]).toEqual([200, expect.stringMatching(/^openapi: ['"]?3\.1/)]);
    const page = await server.anonymous.call<string>('GET', '/docs');
    expect(page.status).toBe(200);
    const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets) {
      const url = new URL(asset, `${server.url}/docs`);
      expect(url.origin).toBe(server.url);
      expect((await server.anonymous.call('GET', url.pathname)).status).toBe(200);
    }
  });

  it('describes a server that is alive and ready', async () => {
    for (const path of ['/health/live', '/health/ready']) {
      expect((await server.anonymous.call('GET', path)).status).toBe(200);
    }
  });

  it('names each answer with the id of its request', async () => {
    const answers = await Promise.all([
      me.call('GET', '/chat/sessions'),
      me.call('GET', '/nowhere'),
    ]);
    const ids = answers.map(({ headers }) => headers.get(HEADERS.requestId));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[\w-]{8,}$/);
  });
});
