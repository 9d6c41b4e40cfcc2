import {
  LIMITS,
  MESSAGE_ROLES,
  SEARCH_RESULT_TYPES,
  type MessageRole,
  type SearchResult,
  type TextRange,
} from '@chat/shared-types';
import { ApiProperty } from '@nestjs/swagger';

/** Something that was found. */
export class SearchResultDto implements SearchResult {
  @ApiProperty({ enum: SEARCH_RESULT_TYPES })
  type!: SearchResult['type'];

  @ApiProperty()
  session_id!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null for a session, whose title was found.',
  })
  message_id!: string | null;

  @ApiProperty({ description: 'Of the session.' })
  title!: string;

  @ApiProperty({
    enum: MESSAGE_ROLES,
    nullable: true,
    description: 'Of the message; null for a session.',
  })
  role!: MessageRole | null;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  @ApiProperty({
    description: 'Falls from one result to the next; of no meaning beyond one search.',
  })
  score!: number;

  @ApiProperty({
    maxLength: LIMITS.snippet,
    description:
      'Plain text around the best place of a message; the title of a session. A part of it, without dots where it was cut.',
  })
  snippet!: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 },
    description:
      'What to mark: `[start, end)` in UTF-16 code units of `snippet`, sorted, not overlapping.',
  })
  highlights!: TextRange[];
}
