import { problemType, type FieldProblem, type Problem, type ProblemCode } from '@chat/shared-types';
import { HttpException } from '@nestjs/common';
import { PROBLEM_KINDS } from './problem-kinds.js';

interface ProblemOptions {
  /** A sentence a person can act on; that of the kind when absent. */
  detail?: string;
  errors?: FieldProblem[];
  /** Sent with the answer, e.g. `Retry-After`. */
  headers?: Readonly<Record<string, string>>;
  /** What made it happen; for the log, never for the client. */
  cause?: unknown;
}

/** An answer that is a problem document. Services throw it; the filter writes it. */
export class ProblemException extends HttpException {
  readonly headers: Readonly<Record<string, string>>;
  private readonly detail: string;
  private readonly errors: FieldProblem[] | undefined;

  constructor(
    readonly code: ProblemCode,
    { detail, errors, headers = {}, cause }: ProblemOptions = {},
  ) {
    const kind = PROBLEM_KINDS[code];
    super(kind.title, kind.status, { cause });
    this.detail = detail ?? kind.detail;
    this.errors = errors;
    this.headers = headers;
  }

  /** The document for a request to this path. */
  toProblem(instance: string): Problem {
    const { status, title } = PROBLEM_KINDS[this.code];
    return {
      type: problemType(this.code),
      title,
      status,
      detail: this.detail,
      instance,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
    };
  }
}

/**
 * A resource that does not exist, is deleted, or belongs to somebody else: one and the same answer,
 * so that nobody learns what others have.
 */
export function notFound(): ProblemException {
  return new ProblemException('not-found');
}

/** A request with one bad field. `pointer` as in `FieldProblem`. */
export function invalidField(pointer: string, detail: string): ProblemException {
  return new ProblemException('invalid-request', { errors: [{ pointer, detail }] });
}
