/** The media type of every error answer (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/**
 * What can go wrong, as the last segment of a problem's `type`. A client decides by this code;
 * `title` and `detail` are for people and may be reworded.
 */
export const PROBLEM_CODES = [
  'invalid-request',
  'invalid-credentials',
  'authentication-required',
  'session-expired',
  'forbidden',
  'registration-closed',
  'not-found',
  'unknown-route',
  'method-not-allowed',
  'not-acceptable',
  'username-taken',
  'conflict',
  'idempotency-key-reused',
  'reply-running',
  'too-many-replies',
  'import-running',
  'payload-too-large',
  'unsupported-media-type',
  'too-many-requests',
  'internal-error',
  'unavailable',
  // Why a reply ended without its end: `error` of a message, and of the stream.
  'provider-unreachable',
  'provider-key-refused',
  'provider-model-missing',
  'provider-rate-limited',
  'provider-request-refused',
  'provider-failed',
  'provider-timeout',
  'provider-stream-broken',
  'reply-empty',
  'reply-filtered',
  'reply-interrupted',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** One field at fault. */
export interface FieldProblem {
  /** A JSON pointer (RFC 6901) into the request body, e.g. `/title`; for a query parameter, `?name`. */
  pointer: string;
  /** A sentence a person can act on. */
  detail: string;
}

/** An error answer: RFC 9457 problem details. */
export interface Problem {
  /** A URI reference that names the kind of problem: `/problems/<code>`. */
  type: string;
  title: string;
  /** The HTTP status, repeated. */
  status: number;
  /** A sentence a person can act on. */
  detail: string;
  /** The path of the request that failed, without its query. */
  instance: string;
  /** One entry a bad field; only where fields are at fault. */
  errors?: FieldProblem[];
}

/** The `type` of a problem with this code. */
export function problemType(code: ProblemCode): string {
  return `/problems/${code}`;
}

/** The code in a problem's `type`, or undefined where it is none of ours. */
export function problemCode(problem: Pick<Problem, 'type'>): ProblemCode | undefined {
  return PROBLEM_CODES.find((code) => problem.type === problemType(code));
}
