import type { AssistantModel } from '@chat/shared-types';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'AssistantModel' })
export class AssistantModelDto implements AssistantModel {
  @ApiProperty({ example: 'openai/gpt-5.5', description: '`provider/name`.' })
  id!: string;

  @ApiProperty({ example: 'GPT-5.5' })
  name!: string;

  @ApiProperty({ example: 'OpenAI', description: 'Whose model it is, for people.' })
  provider!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Tokens that prompt and reply may have together.',
  })
  context_window!: number;

  @ApiProperty({ description: 'Whether it answers where nobody chose; exactly one does.' })
  is_default!: boolean;
}
