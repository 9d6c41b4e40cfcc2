import { LIMITS, type UpdateSessionRequest } from '@chat/shared-types';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsString, Length, Matches, ValidateIf } from 'class-validator';
import { HasLength } from '../../common/validation/has-length.decorator.js';
import { IsWellFormed } from '../../common/validation/well-formed.decorator.js';
import { AreTags } from './session-tags.decorator.js';
import { IsSessionTitle } from './session-title.decorator.js';

const ID = /^[0-9a-fA-F]{24}$/;
const title = LIMITS.sessionTitle;
const model = LIMITS.modelId;
const prompt = LIMITS.systemPrompt;
const modelMessage = 'model must be the id of a model of GET /assistants/models, or null';
const promptMessage = `system_prompt must be a text of at most ${prompt.max} characters, or null`;

@ApiSchema({
  name: 'UpdateSessionRequest',
  description: 'At least one member; what is absent stays as it is.',
})
export class UpdateSessionDto implements UpdateSessionRequest {
  /** Also asked for where nothing else is given: an empty request changes nothing. */
  @ApiPropertyOptional({ minLength: title.min, maxLength: title.max, example: 'Renamed' })
  @ValidateIf((body: UpdateSessionDto, value) => value !== undefined || isEmpty(body))
  @IsSessionTitle()
  title?: string;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    minLength: model.min,
    maxLength: model.max,
    description: "A model of `GET /assistants/models`, or null for the server's default.",
  })
  @ValidateIf((_body, value) => value !== undefined && value !== null)
  @Length(model.min, model.max, { message: modelMessage })
  @IsString({ message: modelMessage })
  model?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    maxLength: prompt.max,
    description: 'What every model is told first; null or blank for nothing.',
  })
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && value.trim() === '' && value.length <= prompt.max ? null : value,
  )
  @ValidateIf((_body, value) => value !== undefined && value !== null)
  @IsWellFormed()
  @HasLength(prompt, { message: promptMessage })
  @IsString({ message: promptMessage })
  system_prompt?: string | null;

  @ApiPropertyOptional({
    pattern: '^[0-9a-fA-F]{24}$',
    description:
      'The message whose branch is to be shown. Where others follow it, the branch goes on to the newest of them.',
  })
  @ValidateIf((_body, value) => value !== undefined)
  @Matches(ID, { message: 'active_message_id must be the id of a message' })
  active_message_id?: string;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    pattern: '^[0-9a-fA-F]{24}$',
    description: 'A folder of `GET /chat/folders`, or null for none.',
  })
  @ValidateIf((_body, value) => value !== undefined && value !== null)
  @Matches(ID, { message: 'folder_id must be the id of a folder, or null' })
  folder_id?: string | null;

  @ApiPropertyOptional({ description: 'Shown before the others with `view=sidebar`.' })
  @IsGivenBoolean()
  pinned?: boolean;

  @ApiPropertyOptional({ description: 'Put away: left out with `view=sidebar`.' })
  @IsGivenBoolean()
  archived?: boolean;

  @AreTags(0)
  tags?: string[];

  @ApiPropertyOptional({ description: 'A mark that something is still to be read here.' })
  @IsGivenBoolean()
  unread?: boolean;
}

function IsGivenBoolean(): PropertyDecorator {
  return applyDecorators(
    ValidateIf((_body, value) => value !== undefined),
    IsBoolean({ message: '$property must be true or false' }),
  );
}

function isEmpty(body: UpdateSessionDto): boolean {
  return Object.values(body).every((value) => value === undefined);
}
