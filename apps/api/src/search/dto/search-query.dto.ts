import { LIMITS } from '@chat/shared-types';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';

const { min, max } = LIMITS.page;
const { searchQuery } = LIMITS;
const DEFAULT_LIMIT = 20;
const MAX_CURSOR_LENGTH = 500;

const SYNTAX = `Words match whole words and the beginnings of words, case and accents aside; runs of
characters match in Chinese, Japanese, Korean and Thai. \`"…"\` is a phrase, which is needed; \`-word\`
and \`-"…"\` leave out. Operators: \`from:user\`, \`from:assistant\`, \`model:\` (an id, its beginning or
its end), \`in:\` (a folder's name, with the folders in it), \`tag:\`, \`before:\` (earlier than that day,
UTC) and \`after:\` (that day or later) with YYYY-MM-DD, \`has:code\` (a fenced block), \`has:reaction\`,
\`is:pinned\`, \`is:archived\`, \`is:deleted\` (in the trash, which is left out otherwise); a minus before
one turns it round. Names with spaces stand in quotation marks: \`in:"My work"\`. What is no operator
is a word. The first 30 words and phrases count.`.replaceAll('\n', ' ');

/** What is searched for. */
export class SearchQueryDto {
  @ApiProperty({
    minLength: searchQuery.min,
    maxLength: searchQuery.max,
    description: SYNTAX,
    example: '"train to Rome" after:2025-01-31 -bus',
  })
  @IsString({ message: 'q must be given once, as text' })
  @Length(searchQuery.min, searchQuery.max, {
    message: `q must have ${searchQuery.min} to ${searchQuery.max} characters`,
  })
  q!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: min,
    maximum: max,
    default: DEFAULT_LIMIT,
    description: 'The size of a page.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: `limit must be a whole number from ${min} to ${max}` })
  @Min(min, { message: `limit must be a whole number from ${min} to ${max}` })
  @Max(max, { message: `limit must be a whole number from ${min} to ${max}` })
  limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({ description: 'From the `Link` header of the page before. Opaque.' })
  @IsOptional()
  @IsString({ message: 'cursor must be given once, as text' })
  @MaxLength(MAX_CURSOR_LENGTH, { message: 'This is no cursor' })
  cursor?: string;
}
