import type { DuplicateSessionRequest } from '@chat/shared-types';
import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';

const ID = /^[0-9a-fA-F]{24}$/;

@ApiSchema({ name: 'DuplicateSessionRequest' })
export class DuplicateSessionDto implements DuplicateSessionRequest {
  @ApiPropertyOptional({
    pattern: ID.source,
    description:
      'Only the path to this message, as a session of one branch; the whole tree when absent.',
  })
  @ValidateIf((_body, value) => value !== undefined)
  @Matches(ID, { message: 'until_message_id must be the id of a message' })
  until_message_id?: string;
}
