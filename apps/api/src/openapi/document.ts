import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { dump } from 'js-yaml';
import { REFRESH_COOKIE } from '../auth/refresh-cookie.js';

const DESCRIPTION = `Sign in with POST /auths/login, then send the access token with every call:
\`Authorization: Bearer <token>\`. Every error is a problem document (RFC 9457). Lists page by cursor: with
\`limit\`, the next page is in the \`Link\` header (RFC 8288).`;

/** The OpenAPI 3.1 document of the whole API, made from its controllers and DTOs. */
export function buildOpenApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Chat Sessions')
    .setDescription(DESCRIPTION)
    .setVersion('0.1.0')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addCookieAuth(REFRESH_COOKIE, { type: 'apiKey', in: 'cookie' }, REFRESH_COOKIE)
    .build();
  const document = SwaggerModule.createDocument(app, base);
  return toJsonSchemaNulls(document) as OpenAPIObject;
}

/** The document as YAML, as it is committed. */
export function toYaml(document: OpenAPIObject): string {
  return dump(document, { lineWidth: 110, noRefs: true });
}

/** Swagger UI at `/docs`, the document at `/docs-json` and `/docs-yaml`; built when first asked for. */
export function serveOpenApi(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= buildOpenApiDocument(app)), {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: 'Chat Sessions API',
  });
}

/** OpenAPI 3.1 has JSON Schema's way to say "or null"; `nullable` went with 3.0. */
function toJsonSchemaNulls(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toJsonSchemaNulls);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = node as Record<string, unknown>;
  const mapped = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, toJsonSchemaNulls(value)]),
  );
  return nullable === true ? { ...mapped, type: [mapped.type, 'null'] } : mapped;
}
