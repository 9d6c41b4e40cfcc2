import { LIMITS, type ChatSession, type DeletedChatSession } from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

const ID_PATTERN = '^[0-9a-f]{24}$';

@ApiSchema({ name: 'ChatSession' })
export class ChatSessionDto implements ChatSession {
  @ApiProperty({ pattern: ID_PATTERN, example: '6909c0ffee0123456789abcd' })
  _id!: string;

  @ApiProperty({ pattern: ID_PATTERN, description: 'The owner.' })
  user_id!: string;

  @ApiProperty({ example: 'My First Chat' })
  title!: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'The number of live messages.' })
  message_count!: number;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  last_message_at!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    example: 'openai/gpt-5.4-mini',
    description: "Of the model that answers here; null for the server's default.",
  })
  model!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'What every model is told first.' })
  system_prompt!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    pattern: ID_PATTERN,
    description: 'The last message of the branch that is shown.',
  })
  active_message_id!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    pattern: ID_PATTERN,
    description: 'The folder it is in.',
  })
  folder_id!: string | null;

  @ApiProperty({ description: 'Shown before the others with `view=sidebar`.' })
  pinned!: boolean;

  @ApiProperty({ description: 'Put away: left out with `view=sidebar`.' })
  archived!: boolean;

  @ApiProperty({ type: [String], maxItems: LIMITS.tagsPerSession, example: ['work'] })
  tags!: string[];

  @ApiProperty({
    description: 'Marked by its owner, or because a reply ended while nobody read it.',
  })
  unread!: boolean;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  @ApiProperty({ format: 'date-time' })
  updated_at!: string;
}

/** What a list answers: with `deleted=true`, each row also says since when it is in the trash. */
@ApiSchema({ name: 'ListedChatSession' })
export class ListedChatSessionDto extends ChatSessionDto implements Partial<DeletedChatSession> {
  @ApiPropertyOptional({ format: 'date-time', description: 'Only in the trash.' })
  deleted_at?: string;
}
