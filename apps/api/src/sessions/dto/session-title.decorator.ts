import { LIMITS } from '@chat/shared-types';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsString } from 'class-validator';
import { HasLength } from '../../common/validation/has-length.decorator.js';
import { IsWellFormed } from '../../common/validation/well-formed.decorator.js';

const { min, max } = LIMITS.sessionTitle;
const message = `title must be a text of ${min} to ${max} characters that is not only blanks`;

/** The title of a session: trimmed first, then measured. */
export function IsSessionTitle(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.trim() : value,
    ),
    IsString({ message }),
    HasLength({ min, max }, { message }),
    IsWellFormed(),
  );
}
