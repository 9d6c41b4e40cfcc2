import { LIMITS, type CreateFolderRequest, type FolderColor } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsFolderColor, IsFolderName, IsParentFolder } from './folder-fields.decorator.js';

const { min, max } = LIMITS.folderName;

@ApiSchema({ name: 'CreateFolderRequest' })
export class CreateFolderDto implements CreateFolderRequest {
  @ApiProperty({ minLength: min, maxLength: max, example: 'Work' })
  @IsFolderName()
  name!: string;

  @IsParentFolder()
  parent_id?: string | null;

  @IsFolderColor()
  color?: FolderColor | null;
}
