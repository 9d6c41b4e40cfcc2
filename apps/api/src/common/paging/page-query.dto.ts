import { LIMITS, type PageQuery } from '@chat/shared-types';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const { min, max } = LIMITS.page;
const MAX_CURSOR_LENGTH = 500;

/** The query that every list understands. */
export class PageQueryDto implements PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: min,
    maximum: max,
    description: 'The size of a page; all of the list when absent.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: `limit must be a whole number from ${min} to ${max}` })
  @Min(min, { message: `limit must be a whole number from ${min} to ${max}` })
  @Max(max, { message: `limit must be a whole number from ${min} to ${max}` })
  limit?: number;

  @ApiPropertyOptional({ description: 'From the `Link` header of the page before. Opaque.' })
  @IsOptional()
  @IsString({ message: 'cursor must be given once, as text' })
  @MaxLength(MAX_CURSOR_LENGTH, { message: 'This is no cursor' })
  cursor?: string;
}

/** The query of a list that also has a trash. */
export class TrashablePageQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ type: 'boolean', description: '`true` lists the trash instead.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  )
  @IsBoolean({ message: 'deleted must be true or false' })
  deleted?: boolean;
}
