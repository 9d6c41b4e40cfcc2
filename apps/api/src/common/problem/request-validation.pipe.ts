import {
  Injectable,
  ValidationPipe,
  type ArgumentMetadata,
  type PipeTransform,
} from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { ProblemException } from './problem.exception.js';
import { validationProblem } from './validation-problem.js';

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
    const pipe = metadata.type === 'query' ? this.query : this.body;
    return (await pipe.transform(given, metadata)) as unknown;
  }
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
