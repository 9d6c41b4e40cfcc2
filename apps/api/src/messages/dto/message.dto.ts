import {
  FINISH_REASONS,
  LIMITS,
  MESSAGE_ROLES,
  MESSAGE_STATUSES,
  type DeletedMessage,
  type FinishReason,
  type ListedMessage,
  type Message,
  type MessageRole,
  type MessageStatus,
  type Reaction,
  type TokenUsage,
} from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ProblemDto } from '../../common/openapi/problem.dto.js';

const ID_PATTERN = '^[0-9a-f]{24}$';

@ApiSchema({ name: 'TokenUsage' })
export class TokenUsageDto implements TokenUsage {
  @ApiProperty({ type: 'integer', minimum: 0 })
  input_tokens!: number;

  @ApiProperty({ type: 'integer', minimum: 0 })
  output_tokens!: number;
}

@ApiSchema({ name: 'Reaction' })
export class ReactionDto implements Reaction {
  @ApiProperty({ example: '👍', description: 'One grapheme.' })
  emoji!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  count!: number;

  @ApiProperty({ description: 'Whether the caller is one of them.' })
  mine!: boolean;
}

@ApiSchema({ name: 'Message' })
export class MessageDto implements Message {
  @ApiProperty({ pattern: ID_PATTERN })
  _id!: string;

  @ApiProperty({ pattern: ID_PATTERN })
  session_id!: string;

  @ApiProperty({ pattern: ID_PATTERN, description: 'The owner of the session.' })
  user_id!: string;

  @ApiProperty({
    description: 'Exactly as it was sent. Of a reply that is being written: all so far.',
    example: 'Hello!',
  })
  content!: string;

  @ApiProperty({ enum: MESSAGE_ROLES, enumName: 'MessageRole' })
  role!: MessageRole;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    pattern: ID_PATTERN,
    description: 'The message that it answers or follows, live or deleted; null for a first one.',
  })
  parent_id!: string | null;

  @ApiProperty({
    enum: MESSAGE_STATUSES,
    enumName: 'MessageStatus',
    description: "How far a reply has come; a user's message is always `complete`.",
  })
  status!: MessageStatus;

  @ApiProperty({
    type: 'string',
    nullable: true,
    example: 'openai/gpt-5.4-mini',
    description: '`provider/name` of the model that wrote it.',
  })
  model!: string | null;

  @ApiProperty({
    enum: [...FINISH_REASONS, null],
    type: 'string',
    nullable: true,
    description: 'Why the model ended by itself.',
  })
  finish_reason!: FinishReason | null;

  @ApiProperty({ type: TokenUsageDto, nullable: true })
  usage!: TokenUsage | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'What the model thought before it answered, where it tells.',
  })
  reasoning!: string | null;

  @ApiProperty({
    type: ProblemDto,
    nullable: true,
    description: 'Why a reply is `failed` or `interrupted`.',
  })
  error!: ProblemDto | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When the text was last changed in place.',
  })
  edited_at!: string | null;

  @ApiProperty({
    type: [ReactionDto],
    maxItems: LIMITS.reactionsPerMessage,
    description: 'In the order in which the kinds first came.',
  })
  reactions!: Reaction[];
}

/** What a list answers: with `deleted=true`, each row also says since when it is in the trash. */
@ApiSchema({ name: 'ListedMessage' })
export class ListedMessageDto extends MessageDto implements ListedMessage, Partial<DeletedMessage> {
  @ApiProperty({
    type: [String],
    description:
      'The ids of all live messages with the same parent, this one among them, oldest first.',
  })
  siblings!: string[];

  @ApiPropertyOptional({ format: 'date-time', description: 'Only in the trash.' })
  deleted_at?: string;
}
