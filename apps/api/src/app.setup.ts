import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { constants as zlib } from 'node:zlib';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  LogController,
  type FastifyInstance,
  type FastifyHttpOptions,
  type FastifyServerOptions,
} from 'fastify';
import { AppModule, type AppParts } from './app.module.js';
import { addBodyParsers } from './common/http/body-parsers.js';
import { answerClientErrors } from './common/http/client-errors.js';
import { addMultipart } from './common/http/multipart.js';
import { addRequestLog } from './common/http/request-log.js';
import { RouteTable } from './common/http/route-table.js';
import { addSecurityHeaders } from './common/http/security-headers.js';
import { createLogger, NestLogger } from './common/logging/logger.js';
import { serveOpenApi } from './openapi/document.js';
import type { AppConfig } from './config/app-config.js';
import { ProblemFilter } from './common/problem/problem.filter.js';
import { RequestValidationPipe } from './common/problem/request-validation.pipe.js';
import { serveChatPage } from './web/chat-page.js';

export interface AppOptions extends AppParts {
  /** What the page's build made. */
  readonly pageDir: string;
  /** Short lines for a person instead of JSON. */
  readonly readableLogs?: boolean;
}

/** Long enough for any id that somebody makes up; the pipe answers it, not the router. */
const MAX_PARAM_LENGTH = 4_096;
/** Below this, compressing costs more than it saves. */
const COMPRESS_FROM_BYTES = 2_048;
const BROTLI_QUALITY = 4;
/** OAuth 2 clients send a form there (RFC 6749, section 4.3.2). */
const FORM_ROUTES = ['/auths/login'] as const;
/** What takes a file. */
const UPLOAD_ROUTES = ['/chat/import'] as const;

/**
 * The whole application, ready to listen: the same for `main.ts` and the tests.
 *
 * @throws where the database cannot be reached.
 */
export async function createApp(options: AppOptions): Promise<NestFastifyApplication> {
  const { config } = options;
  const logger = createLogger(config.logLevel, options.readableLogs ?? false);
  const routes = new RouteTable();
  const problems = new ProblemFilter(routes);
  const server: FastifyHttpOptions<Server> = {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: config.bodyLimitBytes,
    trustProxy: toTrustProxy(config.trustProxy),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    forceCloseConnections: 'idle',
    // What still arrives on an open connection while the server ends is answered as ever.
    return503OnClosing: false,
    // Node would answer a missing Host with an empty 400; nothing here depends on the header.
    http: { requireHostHeader: false },
    clientErrorHandler: answerClientErrors,
    frameworkErrors: (error, request, reply) => problems.answer(error, request, reply),
  };
  const adapter = new FastifyAdapter(server as ConstructorParameters<typeof FastifyAdapter>[0]);
  const fastify = adapter.getInstance<FastifyInstance>();
  routes.watch(fastify);

  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(options),
    adapter,
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  addBodyParsers(fastify, FORM_ROUTES);
  await addMultipart(fastify, UPLOAD_ROUTES);
  addRequestLog(fastify);
  await addSecurityHeaders(fastify);
  await fastify.register(cookie);
  await fastify.register(compress, {
    threshold: COMPRESS_FROM_BYTES,
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [zlib.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
  });
  app.useGlobalPipes(new RequestValidationPipe());
  app.useGlobalFilters(problems);
  await serveChatPage(fastify, options.pageDir, problems);
  serveOpenApi(app);
  await app.init();
  await fastify.ready();
  return app;
}

/** A number of proxies as the function that Fastify wants: the nearest has hop 0. */
function toTrustProxy(setting: AppConfig['trustProxy']): FastifyServerOptions['trustProxy'] {
  return typeof setting === 'number' ? (_address, hop) => hop < setting : setting;
}
