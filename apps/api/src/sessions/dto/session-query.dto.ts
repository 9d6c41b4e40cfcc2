import { LIMITS, NO_FOLDER, SESSION_VIEWS, type SessionView } from '@chat/shared-types';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, Matches, ValidateIf } from 'class-validator';
import { TrashablePageQueryDto } from '../../common/paging/page-query.dto.js';
import { HasLength } from '../../common/validation/has-length.decorator.js';
import { IsWellFormed } from '../../common/validation/well-formed.decorator.js';

const FOLDER = new RegExp(`^(?:[0-9a-fA-F]{24}|${NO_FOLDER})$`);
const { min, max } = LIMITS.tag;
const tagMessage = `tag must be a tag of ${min} to ${max} characters, given once`;

/** Which sessions a list holds. */
export class SessionQueryDto extends TrashablePageQueryDto {
  @IsFlag('`true` lists the archived ones, `false` the others; both when absent.')
  archived?: boolean;

  @IsFlag('`true` lists the pinned ones, `false` the others; both when absent.')
  pinned?: boolean;

  @ApiPropertyOptional({
    pattern: FOLDER.source,
    description: `Those right in this folder; \`${NO_FOLDER}\` for those in no folder.`,
  })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(FOLDER, { message: `folder_id must be the id of a folder or ${NO_FOLDER}, given once` })
  folder_id?: string;

  @ApiPropertyOptional({
    minLength: min,
    maxLength: max,
    description: 'Those that carry this tag, whether in capitals or not.',
  })
  @ValidateIf((_query, value) => value !== undefined)
  @IsWellFormed()
  @HasLength({ min, max }, { message: tagMessage })
  @IsString({ message: tagMessage })
  tag?: string;

  @ApiPropertyOptional({
    enum: SESSION_VIEWS,
    enumName: 'SessionView',
    description: '`sidebar`: without the archived ones, pinned ones first.',
  })
  @IsOptional()
  @IsIn(SESSION_VIEWS, { message: `view must be ${SESSION_VIEWS.join(' or ')}` })
  view?: SessionView;
}

function IsFlag(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: 'boolean', description }),
    Transform(({ value }: { value: unknown }) =>
      value === 'true' ? true : value === 'false' ? false : value,
    ),
    ValidateIf((_query, value) => value !== undefined),
    IsBoolean({ message: '$property must be true or false, given once' }),
  );
}
