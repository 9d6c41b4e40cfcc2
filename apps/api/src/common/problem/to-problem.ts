import type { ProblemCode } from '@chat/shared-types';
import { HttpException } from '@nestjs/common';
import { ProblemException } from './problem.exception.js';

/** What a client hears of an error, by the status that a framework gave it. */
const BY_STATUS: Readonly<Partial<Record<number, ProblemCode>>> = {
  400: 'invalid-request',
  401: 'authentication-required',
  403: 'forbidden',
  404: 'unknown-route',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  409: 'conflict',
  413: 'payload-too-large',
  414: 'invalid-request',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  431: 'invalid-request',
  503: 'unavailable',
};

/** Sentences for what the HTTP layer refuses before anything of ours sees it. */
const HTTP_LAYER: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_EMPTY_JSON_BODY:
    'The body is empty although the Content-Type says JSON. Send "{}" or leave the header out.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
  FST_ERR_BAD_URL: 'The address cannot be decoded.',
  FST_ERR_MAX_PARAM_LENGTH: 'The address is too long.',
};

/** Errors of the driver that say that the database, not the request, is at fault. */
const UNAVAILABLE =
  /^Mongo(?:ServerSelection|Network|NetworkTimeout|TopologyClosed|NotConnected|ClientClosed|PoolClosed|PoolCleared|WaitQueueTimeout|ExpiredSession|OperationTimeout)?Error$|^Mongo(?:Pool|Wait|Client|Not)\w*Error$|^MongooseServerSelectionError$|^DisconnectedError$/;
const DUPLICATE_KEY = 11_000;
const WRITE_CONFLICT = 112;

/** Every error as the problem that its client gets; undefined for what nobody foresaw. */
export function toProblem(error: unknown): ProblemException | undefined {
  if (error instanceof ProblemException) return error;
  if (!(error instanceof Error)) return undefined;
  return databaseProblem(error) ?? frameworkProblem(error);
}

function databaseProblem(error: Error): ProblemException | undefined {
  const { code } = error as { code?: unknown };
  if (code === DUPLICATE_KEY || code === WRITE_CONFLICT) {
    return new ProblemException('conflict', { cause: error });
  }
  if (!UNAVAILABLE.test(error.name)) return undefined;
  return new ProblemException('unavailable', { headers: { 'Retry-After': '1' }, cause: error });
}

function frameworkProblem(error: Error): ProblemException | undefined {
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  const status = error instanceof HttpException ? error.getStatus() : Number(statusCode);
  const kind = BY_STATUS[status];
  if (kind === undefined) return undefined;
  const detail = typeof code === 'string' ? HTTP_LAYER[code] : undefined;
  return new ProblemException(kind, { detail: detail ?? malformedDetail(kind), cause: error });
}

function malformedDetail(kind: ProblemCode): string | undefined {
  return kind === 'invalid-request' ? 'The request is malformed.' : undefined;
}
