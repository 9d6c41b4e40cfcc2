import { LIMITS } from '@chat/shared-types';
import { applyDecorators } from '@nestjs/common';
import { IsString } from 'class-validator';
import { HasLength } from '../../common/validation/has-length.decorator.js';
import { IsWellFormed } from '../../common/validation/well-formed.decorator.js';

const { min, max } = LIMITS.messageContent;
const message = `content must be a text of ${min} to ${max} characters`;

/** The text of a message: measured as it is, never trimmed. */
export function IsMessageContent(): PropertyDecorator {
  return applyDecorators(
    IsString({ message }),
    HasLength({ min, max }, { message }),
    IsWellFormed(),
  );
}
