import { FOLDER_COLORS, LIMITS } from '@chat/shared-types';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsString, Matches, ValidateIf } from 'class-validator';
import { HasLength } from '../../common/validation/has-length.decorator.js';
import { IsWellFormed } from '../../common/validation/well-formed.decorator.js';

const { min, max } = LIMITS.folderName;
const message = `name must be a text of ${min} to ${max} characters that is not only blanks`;
const ID = /^[0-9a-fA-F]{24}$/;

/** The name of a folder: trimmed first, then measured. */
export function IsFolderName(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.trim() : value,
    ),
    IsString({ message }),
    HasLength({ min, max }, { message }),
    IsWellFormed(),
  );
}

/** Optional: the folder that holds this one, or null. */
export function IsParentFolder(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: 'string',
      nullable: true,
      pattern: '^[0-9a-fA-F]{24}$',
      description: `Of the same user; null for the top. Folders nest to ${LIMITS.folders.depth} levels.`,
    }),
    ValidateIf((_body, value) => value !== undefined && value !== null),
    Matches(ID, { message: 'parent_id must be the id of a folder, or null' }),
  );
}

/** Optional: one of the colours, or null. */
export function IsFolderColor(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ enum: [...FOLDER_COLORS, null], type: 'string', nullable: true }),
    ValidateIf((_body, value) => value !== undefined && value !== null),
    IsIn(FOLDER_COLORS, { message: `color must be one of ${FOLDER_COLORS.join(', ')}, or null` }),
  );
}
