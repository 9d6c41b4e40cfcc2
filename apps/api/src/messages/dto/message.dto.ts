import {
  MESSAGE_ROLES,
  type DeletedMessage,
  type Message,
  type MessageRole,
} from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

const ID_PATTERN = '^[0-9a-f]{24}$';

@ApiSchema({ name: 'Message' })
export class MessageDto implements Message {
  @ApiProperty({ pattern: ID_PATTERN })
  _id!: string;

  @ApiProperty({ pattern: ID_PATTERN })
  session_id!: string;

  @ApiProperty({ pattern: ID_PATTERN, description: 'The owner of the session.' })
  user_id!: string;

  @ApiProperty({ description: 'Exactly as it was sent.', example: 'Hello!' })
  content!: string;

  @ApiProperty({ enum: MESSAGE_ROLES, enumName: 'MessageRole' })
  role!: MessageRole;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;
}

/** What a list answers: with `deleted=true`, each row also says since when it is in the trash. */
@ApiSchema({ name: 'ListedMessage' })
export class ListedMessageDto extends MessageDto implements Partial<DeletedMessage> {
  @ApiPropertyOptional({ format: 'date-time', description: 'Only in the trash.' })
  deleted_at?: string;
}
