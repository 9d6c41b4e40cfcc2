import { LIMITS, type SendMessageRequest } from '@chat/shared-types';
import { ApiExtraModels, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsObject, IsString, Length, ValidateIf, ValidateNested } from 'class-validator';
import { SendMessageDto } from '../../messages/dto/send-message.dto.js';
import { MessageDto } from '../../messages/dto/message.dto.js';

const { min, max } = LIMITS.modelId;
const message = 'model must be the id of a model of GET /assistants/models';

/** Who answers. */
@ApiSchema({ name: 'ReplyOptions' })
export class ReplyOptionsDto {
  @ApiPropertyOptional({
    minLength: min,
    maxLength: max,
    example: 'openai/gpt-5.4-mini',
    description: "A model of `GET /assistants/models`; the session's when absent.",
  })
  @ValidateIf((_body, value) => value !== undefined)
  @Length(min, max, { message })
  @IsString({ message })
  model?: string;
}

@ApiExtraModels(ReplyOptionsDto)
@ApiSchema({ name: 'SendMessageRequest' })
export class SendMessageWithReplyDto extends SendMessageDto implements SendMessageRequest {
  @ApiPropertyOptional({
    // Left out of the document beside `oneOf`; without it, the class of the property is added there,
    // by which `true` would be no valid value.
    type: 'boolean',
    oneOf: [{ type: 'boolean' }, { $ref: getSchemaPath(ReplyOptionsDto) }],
    default: false,
    description:
      "Whether the message is answered, and by which model; `true` takes the session's model.",
  })
  @Transform(({ value }: { value: unknown }) =>
    value === true ? new ReplyOptionsDto() : value === false ? undefined : value,
  )
  @ValidateIf((_body, value) => value !== undefined)
  @ValidateNested()
  @IsObject({ message: 'reply must be true, false or an object that may name a model' })
  @Type(() => ReplyOptionsDto)
  reply?: ReplyOptionsDto;
}

/** What a message answers that asked for a reply. */
@ApiSchema({ name: 'SentMessage' })
export class SentMessageDto extends MessageDto {
  @ApiPropertyOptional({
    type: MessageDto,
    description: 'The reply that is being written; only where one was asked for.',
  })
  reply?: MessageDto;
}
