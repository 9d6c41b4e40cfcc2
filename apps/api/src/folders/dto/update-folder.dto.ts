import { LIMITS, type FolderColor, type UpdateFolderRequest } from '@chat/shared-types';
import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsInt, Min, ValidateIf } from 'class-validator';
import { IsFolderColor, IsFolderName, IsParentFolder } from './folder-fields.decorator.js';

const { min, max } = LIMITS.folderName;
const positionMessage = 'position must be a whole number from 0';

@ApiSchema({
  name: 'UpdateFolderRequest',
  description: 'At least one member; what is absent stays as it is.',
})
export class UpdateFolderDto implements UpdateFolderRequest {
  /** Also asked for where nothing else is given: an empty request changes nothing. */
  @ApiPropertyOptional({ minLength: min, maxLength: max, example: 'Work' })
  @ValidateIf((body: UpdateFolderDto, value) => value !== undefined || isEmpty(body))
  @IsFolderName()
  name?: string;

  @IsParentFolder()
  parent_id?: string | null;

  @IsFolderColor()
  color?: FolderColor | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description:
      'The place among its siblings, which make room; the last where it is beyond them. A folder that gets another parent becomes its last when absent.',
  })
  @ValidateIf((_body, value) => value !== undefined)
  @IsInt({ message: positionMessage })
  @Min(0, { message: positionMessage })
  position?: number;
}

function isEmpty({ parent_id, color, position }: UpdateFolderDto): boolean {
  return parent_id === undefined && color === undefined && position === undefined;
}
