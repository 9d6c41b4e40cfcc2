import { PROBLEM_MEDIA_TYPE } from '@chat/shared-types';
import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiResponse,
  getSchemaPath,
  type ApiResponseSchemaHost,
} from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'The request is malformed; `errors` names the fields.',
  401: 'No access token, or one that is expired or forged; for a login, a wrong pair.',
  403: 'Not allowed.',
  404: 'Missing, deleted, or of another user: one and the same answer.',
  409: 'Taken, or changed by somebody else at the same time.',
  413: 'The body is larger than the limit.',
  415: 'The body is in a format that is not read here.',
  422: 'The Idempotency-Key was used for another request.',
  429: 'Too many tries; `Retry-After` says when to come back.',
  500: 'Nobody foresaw this; the log holds more under the request id.',
  503: 'The database cannot be reached.',
};

/** The headers by which a client knows what to do next. */
const HEADERS_BY_STATUS: Readonly<Record<number, ApiResponseSchemaHost['headers']>> = {
  401: {
    'WWW-Authenticate': {
      description:
        'That an access token is needed, and what was wrong with the one sent (RFC 6750).',
      schema: { type: 'string', example: 'Bearer error="invalid_token"' },
    },
  },
  429: {
    'Retry-After': {
      description: 'In how many seconds to come back.',
      schema: { type: 'integer', minimum: 1 },
    },
  },
};

/** Documents the problem answers of an operation. */
export function ApiProblem(...statuses: readonly number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: MEANINGS[status] ?? 'A problem.',
        headers: HEADERS_BY_STATUS[status],
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: getSchemaPath(ProblemDto) } } },
      }),
    ),
  );
}
