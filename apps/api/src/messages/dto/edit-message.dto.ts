import { LIMITS, type EditMessageRequest, type MessageRevision } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsMessageContent } from './message-content.decorator.js';

const { min, max } = LIMITS.messageContent;

@ApiSchema({ name: 'EditMessageRequest' })
export class EditMessageDto implements EditMessageRequest {
  @ApiProperty({ minLength: min, maxLength: max, description: 'Kept exactly as sent.' })
  @IsMessageContent()
  content!: string;
}

@ApiSchema({ name: 'MessageRevision' })
export class MessageRevisionDto implements MessageRevision {
  @ApiProperty({ type: 'integer', minimum: 1, description: '1 for the oldest.' })
  revision!: number;

  @ApiProperty({ description: 'The text that was replaced.' })
  content!: string;

  @ApiProperty({ format: 'date-time', description: 'When this text was written.' })
  created_at!: string;
}
