import type { FieldProblem, Problem, ProblemCode } from '@chat/shared-types';
import { problemCode } from '@chat/shared-types';

/** The API answered, and the answer was not a success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** What went wrong, where the answer was a problem document of ours. */
  readonly code: ProblemCode | undefined;
  /** One entry a bad field; empty where no field is at fault. */
  readonly fields: readonly FieldProblem[];
  /** Seconds to wait before another try, from `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem: Partial<Problem> | undefined, retryAfter?: number) {
    super(problem?.detail ?? `The server answered with status ${status}.`);
    this.status = status;
    this.code = problem?.type === undefined ? undefined : problemCode({ type: problem.type });
    this.fields = problem?.errors ?? [];
    this.retryAfter = retryAfter;
  }

  /** What the answer says about one field of the body, e.g. `username`. */
  field(fieldName: string): string | undefined {
    return this.fields.find(({ pointer }) => pointer === `/${fieldName}`)?.detail;
  }
}

/** No answer came: no network, no server, or too long a wait. Nothing is known of the outcome. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(cause: unknown) {
    super('The server could not be reached. Check your connection and try again.', { cause });
  }
}

/** A sentence for the person in front of the page, whatever was thrown. */
export function describeError(error: unknown): string {
  if (error instanceof ApiError && error.code === 'too-many-requests' && error.retryAfter) {
    return `Too many tries. Wait ${describeSeconds(error.retryAfter)}, then try again.`;
  }
  if (error instanceof ApiError || error instanceof UnreachableError) return error.message;
  return 'Something went wrong on this page. Reload it and try again.';
}

function describeSeconds(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

/** Whether nothing can be there: deleted, never there, someone else's, or not even an id. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 400);
}
