import { LIMITS, type CreateSessionRequest } from '@chat/shared-types';
import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { IsSessionTitle } from './session-title.decorator.js';

const { min, max } = LIMITS.sessionTitle;

@ApiSchema({ name: 'CreateSessionRequest' })
export class CreateSessionDto implements CreateSessionRequest {
  @ApiPropertyOptional({
    minLength: min,
    maxLength: max,
    default: LIMITS.sessionTitle.default,
    example: 'My First Chat',
  })
  @ValidateIf((_body, value) => value !== undefined)
  @IsSessionTitle()
  title?: string;
}
