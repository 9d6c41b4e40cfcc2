import { FOLDER_COLORS, type Folder, type FolderColor } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const ID_PATTERN = '^[0-9a-f]{24}$';

@ApiSchema({ name: 'Folder' })
export class FolderDto implements Folder {
  @ApiProperty({ pattern: ID_PATTERN, example: '6909c0ffee0123456789abcd' })
  _id!: string;

  @ApiProperty({ pattern: ID_PATTERN, description: 'The owner.' })
  user_id!: string;

  @ApiProperty({ example: 'Work' })
  name!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    pattern: ID_PATTERN,
    description: 'The folder that holds it; null at the top.',
  })
  parent_id!: string | null;

  @ApiProperty({ enum: [...FOLDER_COLORS, null], type: 'string', nullable: true })
  color!: FolderColor | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Its place among the folders with the same parent, without gaps.',
  })
  position!: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How many live sessions are right in it.',
  })
  session_count!: number;

  @ApiProperty({ format: 'date-time' })
  created_at!: string;

  @ApiProperty({ format: 'date-time' })
  updated_at!: string;
}
