import {
  Injectable,
  ValidationPipe,
  type ArgumentMetadata,
  type PipeTransform,
} from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { invalidField, ProblemException } from './problem.exception.js';
import { UNKNOWN_FIELD, validationProblem } from './validation-problem.js';

const OPTIONS = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  transform: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
} as const;

/** Validates bodies and queries against their DTO; what is refused becomes a problem document. */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  private readonly body = new ValidationPipe({
    ...OPTIONS,
    exceptionFactory: (errors: ValidationError[]) => validationProblem(errors, '/'),
  });
  private readonly query = new ValidationPipe({
    ...OPTIONS,
    exceptionFactory: (errors: ValidationError[]) => validationProblem(errors, '?'),
  });

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // Path parameters have pipes of their own.
    if (metadata.type !== 'body' && metadata.type !== 'query') return value;
    const given = value ?? (metadata.type === 'body' ? {} : value);
    if (metadata.type === 'body' && !isPlainObject(given)) {
      throw new ProblemException('invalid-request', {
        detail: 'The body must be an object.',
      });
    }
    refuseInherited(given, metadata.type === 'query' ? '?' : '/');
    const pipe = metadata.type === 'query' ? this.query : this.body;
    return (await pipe.transform(given, metadata)) as unknown;
  }
}

/**
 * class-validator looks a member's name up in an ordinary object, so it takes `toString` and the like
 * for known ones. Members of members are looked at too: no body is deeper than that.
 */
function refuseInherited(given: unknown, where: '/' | '?'): void {
  if (!isPlainObject(given)) return;
  for (const [name, value] of Object.entries(given)) {
    if (name in Object.prototype) throw invalidField(where + name, UNKNOWN_FIELD);
    if (!isPlainObject(value)) continue;
    const nested = Object.keys(value).find((one) => one in Object.prototype);
    if (nested !== undefined) throw invalidField(`${where}${name}/${nested}`, UNKNOWN_FIELD);
  }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
