import { HEADERS, LIMITS } from '@chat/shared-types';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from '../problem/problem.exception.js';

/** Visible ASCII: what a header can hold unambiguously (RFC 9110, section 5.5). */
const KEY = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * The `Idempotency-Key` header, or undefined where none was sent.
 *
 * @throws a 400 for one that is empty, too long, sent twice or not visible ASCII.
 */
export const IdempotencyKey = createParamDecorator(
  (_data: undefined, context: ExecutionContext): string | undefined => {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const key = headers[HEADERS.idempotencyKey.toLowerCase()];
    if (key === undefined) return undefined;
    if (typeof key !== 'string' || key.length > LIMITS.idempotencyKey.max || !KEY.test(key)) {
      throw new ProblemException('invalid-request', {
        detail: `The header ${HEADERS.idempotencyKey} must hold 1 to ${LIMITS.idempotencyKey.max} visible ASCII characters.`,
      });
    }
    return key;
  },
);
