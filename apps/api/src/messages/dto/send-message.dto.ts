import {
  LIMITS,
  MESSAGE_ROLES,
  type MessageRole,
  type SendMessageRequest,
} from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsString, Length, Matches, ValidateIf } from 'class-validator';
import { IsWellFormed } from '../../common/validation/well-formed.decorator.js';

const ID = /^[0-9a-fA-F]{24}$/;
const { min, max } = LIMITS.messageContent;
const message = `content must be a text of ${min} to ${max} characters`;

@ApiSchema({ name: 'SendMessageRequest' })
export class SendMessageDto implements SendMessageRequest {
  @ApiProperty({
    minLength: min,
    maxLength: max,
    description: 'Kept exactly as sent.',
    example: 'Hello!',
  })
  @IsWellFormed()
  @Length(min, max, { message })
  @IsString({ message })
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
