import {
  LIMITS,
  MESSAGE_ROLES,
  type MessageRole,
  type SendMessageRequest,
} from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, Matches, ValidateIf } from 'class-validator';
import { IsMessageContent } from './message-content.decorator.js';

const ID = /^[0-9a-fA-F]{24}$/;
const { min, max } = LIMITS.messageContent;

@ApiSchema({ name: 'SendMessageRequest' })
export class SendMessageDto implements SendMessageRequest {
  @ApiProperty({
    minLength: min,
    maxLength: max,
    description: 'Kept exactly as sent.',
    example: 'Hello!',
  })
  @IsMessageContent()
  content!: string;

  @ApiPropertyOptional({ enum: MESSAGE_ROLES, enumName: 'MessageRole', default: 'user' })
  @ValidateIf((_body, value) => value !== undefined)
  @IsIn(MESSAGE_ROLES, { message: `role must be one of ${MESSAGE_ROLES.join(', ')}` })
  role?: MessageRole;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    pattern: '^[0-9a-fA-F]{24}$',
    description:
      'The message to go on from; the end of the branch that is shown when absent, null for the root.',
  })
  @ValidateIf((_body, value) => value !== undefined && value !== null)
  @Matches(ID, { message: 'parent_id must be the id of a message, or null' })
  parent_id?: string | null;
}
