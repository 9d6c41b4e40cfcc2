import type { FieldProblem } from '@chat/shared-types';
import type { ValidationError } from 'class-validator';
import { ProblemException } from './problem.exception.js';

/** Why a member that nobody knows is refused. */
export const UNKNOWN_FIELD = 'There is no such field.';

/**
 * The problem for a body or query that validation refused.
 *
 * @param where `/` where the errors are of a body, `?` where they are of the query.
 */
export function validationProblem(
  errors: readonly ValidationError[],
  where: '/' | '?',
): ProblemException {
  return new ProblemException('invalid-request', {
    errors: errors.flatMap((error) => fieldProblems(error, where)),
  });
}

function fieldProblems(error: ValidationError, prefix: string): FieldProblem[] {
  const pointer = prefix + escapePointer(error.property);
  const own = Object.entries(error.constraints ?? {}).slice(0, 1);
  return [
    ...own.map(([rule, message]) => ({
      pointer,
      detail: rule === 'whitelistValidation' ? UNKNOWN_FIELD : sentence(message, error.property),
    })),
    ...(error.children ?? []).flatMap((child) => fieldProblems(child, `${pointer}/`)),
  ];
}

/** RFC 6901, section 3. */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A name in front stays as it is written in the body. */
function sentence(message: string, property: string): string {
  const text = message.startsWith(property)
    ? message
    : message.charAt(0).toUpperCase() + message.slice(1);
  return text.endsWith('.') ? text : `${text}.`;
}
