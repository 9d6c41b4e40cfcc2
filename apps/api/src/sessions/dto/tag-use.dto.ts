import type { TagUse } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'TagUse' })
export class TagUseDto implements TagUse {
  @ApiProperty({ example: 'work', description: 'In the spelling that most sessions have.' })
  tag!: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'How many live sessions carry it.' })
  session_count!: number;
}
