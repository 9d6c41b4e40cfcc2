import type { FastifyInstance } from 'fastify';
import { ProblemException } from '../problem/problem.exception.js';

/** Deeper than any body of the contract, shallow enough for code that walks it recursively. */
const MAX_DEPTH = 16;
const TOO_DEEP = `The body is nested more than ${MAX_DEPTH} levels deep.`;

/**
 * Reads JSON and form bodies strictly: bytes that are no UTF-8 are refused instead of being
 * replaced, so that what is stored is what was sent.
 *
 * @param formRoutes the routes that take a form; the others answer 415 to one.
 */
export function addBodyParsers(fastify: FastifyInstance, formRoutes: readonly string[]): void {
  fastify.removeAllContentTypeParsers();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, body, done) => {
      const text = decodeUtf8(body);
      if (text === undefined) {
        done(malformed('The body is not valid UTF-8.'));
        return;
      }
      void parseJson(request, text, (error, value: unknown) => {
        if (error) done(error);
        else if (isDeeperThan(value, MAX_DEPTH)) done(malformed(TOO_DEEP));
        else done(null, value);
      });
    },
  );
  fastify.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (request, body, done) => {
      const text = decodeUtf8(body);
      if (!formRoutes.includes(request.routeOptions.url ?? '')) {
        done(new ProblemException('unsupported-media-type'));
      } else if (text === undefined) {
        done(malformed('The body is not valid UTF-8.'));
      } else {
        done(null, parseForm(text));
      }
    },
  );
}

/** An error has to be handed over, not thrown: nobody catches it where a body has been read. */
function malformed(detail: string): ProblemException {
  return new ProblemException('invalid-request', { detail });
}

/** The text, or undefined where the bytes are none. */
function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A field that is given twice becomes an array, which validation refuses where text is wanted. */
function parseForm(text: string): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null) as Record<string, string>;
  const fields = new URLSearchParams(text);
  for (const field of new Set(fields.keys())) {
    const values = fields.getAll(field);
    form[field] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return { ...form };
}

function isDeeperThan(value: unknown, depth: number): boolean {
  let level = [value];
  for (let i = 0; level.length > 0; i += 1) {
    if (i > depth) return true;
    level = level.flatMap((one): unknown[] =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    );
  }
  return false;
}
